/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.document;

import dev.totem.core.Setting;
import dev.totem.core.Settings;
import dev.totem.testkit.internal.document.DocumentTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of settings in docs/OPERATION.md is made from {@link Settings}; {@code -Dtotem.docs.write} makes it anew. */
class SettingsDocumentTest {

    @Test
    void theTableInTheDocumentIsThatOfTheCode() throws IOException {
        DocumentTable.isMadeFromTheCode(Path.of("../docs/OPERATION.md"), "settings", table());
    }

    private static String table() {
        return Settings.all().stream()
                .map(SettingsDocumentTest::row)
                .collect(Collectors.joining(
                        "\n", "| setting | default | from, to | meaning |\n|---|---|---|---|\n", "\n"));
    }

    private static <T extends Comparable<? super T>> String row(Setting<T> setting) {
        return String.format(
                "| `%s` | %s | %s | %s |", setting.name(), setting.defaultText(), range(setting), setting.meaning());
    }

    private static <T extends Comparable<? super T>> String range(Setting<T> setting) {
        if (setting.type() == String.class) {
            return "";
        }
        String range = setting.format(setting.least()) + ", " + setting.format(setting.most());
        return setting.unit().equals("time") ? range : range + " " + setting.unit();
    }
}

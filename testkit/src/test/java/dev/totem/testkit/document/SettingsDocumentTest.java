/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of settings in docs/OPERATION.md is made from {@link Settings}; {@code -Dtotem.docs.write} makes it anew. */
class SettingsDocumentTest {

    private static final Path PAGE = Path.of("../docs/OPERATION.md");
    private static final Pattern TABLE =
            Pattern.compile("(<!-- settings:begin[^\n]*-->\n)(.*?)(<!-- settings:end -->)", Pattern.DOTALL);

    @Test
    void theTableInTheDocumentIsThatOfTheCode() throws IOException {
        String page = Files.readString(PAGE);
        Matcher table = TABLE.matcher(page);
        assertThat(table.find()).as("the two marks around the table").isTrue();
        if (System.getProperty("totem.docs.write") != null) {
            Files.writeString(PAGE, page.substring(0, table.start(2)) + table() + page.substring(table.end(2)));
            return;
        }
        assertThat(table.group(2)).as("run again with -Dtotem.docs.write").isEqualTo(table());
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

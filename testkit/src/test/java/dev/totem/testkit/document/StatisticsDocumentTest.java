/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.document;

import dev.totem.core.Statistics;
import dev.totem.testkit.internal.document.DocumentTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of statistics in docs/OPERATION.md is made from {@link Statistics}; {@code -Dtotem.docs.write} makes it anew. */
class StatisticsDocumentTest {

    @Test
    void theTableInTheDocumentIsThatOfTheCode() throws IOException {
        DocumentTable.isMadeFromTheCode(Path.of("../docs/OPERATION.md"), "statistics", table());
    }

    private static String table() {
        return Statistics.all().stream()
                .map(each -> "| `" + each.name() + "` | " + each.kind().name().toLowerCase(Locale.ROOT) + " | "
                        + each.unit() + " | " + each.meaning() + " |\n")
                .collect(Collectors.joining("", "| name | kind | unit | what |\n|---|---|---|---|\n", ""));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of statistics in docs/OPERATION.md is made from {@link Statistics}; {@code -Dtotem.docs.write} makes it anew. */
class StatisticsDocumentTest {

    private static final Path PAGE = Path.of("../docs/OPERATION.md");
    private static final Pattern TABLE =
            Pattern.compile("(<!-- statistics:begin[^\n]*-->\n)(.*?)(<!-- statistics:end -->)", Pattern.DOTALL);

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
        return Statistics.all().stream()
                .map(each -> "| `" + each.name() + "` | " + each.kind().name().toLowerCase(Locale.ROOT) + " | "
                        + each.unit() + " | " + each.meaning() + " |\n")
                .collect(Collectors.joining("", "| name | kind | unit | what |\n|---|---|---|---|\n", ""));
    }
}

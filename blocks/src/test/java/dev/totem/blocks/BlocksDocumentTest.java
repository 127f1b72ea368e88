/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BlocksDocumentTest {

    private static final Path SOURCES = Path.of("src/test/java/dev/totem/blocks/example");
    private static final String MARK = "// example:";

    @Test
    void showsTheCodeThatIsRunHere() throws IOException {
        String document = Files.readString(Path.of("../docs/BLOCKS.md"));

        assertThat(document).contains(part("Stock", "machine"));
        assertThat(document).contains(part("StockTest", "open"));
        assertThat(document).contains(part("StockTest", "use"));
        assertThat(document).contains(part("PayDayTest", "open"));
        assertThat(document).contains(part("PayDayTest", "lock"));
        assertThat(document).contains(part("PayDayTest", "map"));
        assertThat(document).contains(part("Till", "blocking"));
    }

    /** What stands between two marks, without the indentation of the first of them. */
    private static String part(String type, String name) throws IOException {
        List<String> lines = Files.readAllLines(SOURCES.resolve(type + ".java"));
        List<String> stripped = lines.stream().map(String::strip).toList();
        int from = stripped.indexOf(MARK + name) + 1;
        int to = from + stripped.subList(from, lines.size()).indexOf(MARK + "end");
        int indentation = lines.get(from - 1).indexOf(MARK);
        return lines.subList(from, to).stream()
                .map(String::stripTrailing)
                .map(line -> line.isEmpty() ? line : line.substring(indentation))
                .collect(Collectors.joining("\n"));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.cli.InputLines.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InputLinesTest {

    private static List<String> read(String input, int lineBytesMax) throws IOException {
        InputLines lines =
                new InputLines(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), lineBytesMax);
        List<String> all = new ArrayList<>();
        for (Optional<Line> line = lines.read(); line.isPresent(); line = lines.read()) {
            String text = new String(line.get().bytes(), StandardCharsets.UTF_8);
            all.add((line.get().tooLong() ? "too long" : text) + (line.get().finished() ? "" : "…"));
        }
        return all;
    }

    @Test
    void readsLines() throws IOException {
        assertThat(read("a\n\nbc\n", 10)).containsExactly("a", "", "bc");
    }

    @Test
    void readsAnUnfinishedLastLine() throws IOException {
        assertThat(read("a\nbc", 10)).containsExactly("a", "bc…");
    }

    @Test
    void skipsALineThatIsTooLong() throws IOException {
        assertThat(read("12345\n123456\n1\n", 5)).containsExactly("12345", "too long", "1");
    }

    @Test
    void readsALineOfMoreThanAMegabyte() throws IOException {
        String large = "x".repeat(1_500_000);

        assertThat(read(large + "\nend\n", 2_000_000)).containsExactly(large, "end");
        assertThat(read(large + "\nend\n", 1_000_000)).containsExactly("too long", "end");
    }
}

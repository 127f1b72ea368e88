/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Path SOURCE = Path.of("src/test/java/dev/totem/benchmarks/readme/ReadmeExample.java");

    @Test
    void showsTheCodeThatIsCompiledHere() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));

        assertThat(readme).contains(part("start")).contains(part("use"));
    }

    private static String part(String name) throws IOException {
        List<String> lines = Files.readAllLines(SOURCE);
        int from = lines.indexOf("        // example:" + name) + 1;
        int to = from + lines.subList(from, lines.size()).indexOf("        // example:end");
        return lines.subList(from, to).stream()
                .map(String::stripTrailing)
                .map(line -> line.isEmpty() ? line : line.substring(8))
                .collect(Collectors.joining("\n"));
    }
}

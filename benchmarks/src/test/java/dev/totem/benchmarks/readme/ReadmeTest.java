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

    private static final Path SOURCES = Path.of("src/test/java/dev/totem/benchmarks/readme");
    private static final String MARK = "// example:";

    @Test
    void readmeShowsTheProgramThatIsCompiledHere() throws IOException {
        String source = Files.readString(SOURCES.resolve("Hello.java"));
        String program = source.substring(source.indexOf("import "));

        assertThat(readme()).contains("```java\n" + program + "```");
        assertThat(program.lines()).hasSizeLessThanOrEqualTo(40);
    }

    @Test
    void theOtherExamplesAreCompiledHereToo() throws IOException {
        assertThat(readme()).contains(part("PayDay", "lock")).contains(part("Prices", "map"));
        assertThat(Files.readString(Path.of("../docs/EXAMPLES.md"))).contains(part("FilePipeline", "files"));
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("../README.md"));
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

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/PITFALLS.md and the tests of all modules name the same tests for each pitfall of {@code PROTOCOL.md} 10. */
class PitfallsDocTest {

    private static final int PITFALLS = 75;
    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| P(\\d+) \\| [^|]+ \\| ([^|]+) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+#\\w+)`");
    private static final Pattern TAG = Pattern.compile("\\s*@Tag\\(\"P(\\d+)\"\\)");
    private static final Pattern METHOD = Pattern.compile("\\s+(?:public )?(?:void|Stream<DynamicTest>) (\\w+)\\(.*");

    @Test
    void everyPitfallIsInTheTableOnceAndInOrder() throws IOException {
        assertThat(rows().map(row -> Integer.valueOf(row.group(1))).toList())
                .isEqualTo(IntStream.rangeClosed(1, PITFALLS).boxed().toList());
    }

    @Test
    void everyPitfallHasItsTestsOrAReason() throws IOException {
        assertThat(rows().map(row -> row.group(2)))
                .allMatch(cell -> TEST.matcher(cell).find() != cell.startsWith("cannot occur: "));
    }

    @Test
    void theTableNamesExactlyTheTestsThatNameThePitfall() throws IOException {
        SortedMap<Integer, SortedSet<String>> named = new TreeMap<>();
        rows().forEach(row -> TEST.matcher(row.group(2))
                .results()
                .forEach(test -> add(named, Integer.parseInt(row.group(1)), test.group(1))));

        assertThat(named).isEqualTo(tagged());
    }

    private static Stream<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(ROOT.resolve("docs/PITFALLS.md"))).results();
    }

    private static SortedMap<Integer, SortedSet<String>> tagged() throws IOException {
        SortedMap<Integer, SortedSet<String>> tagged = new TreeMap<>();
        for (String module : List.of("core", "testkit", "security", "transport", "cli", "benchmarks")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> collect(file, tagged));
            }
        }
        return tagged;
    }

    private static void collect(Path file, SortedMap<Integer, SortedSet<String>> tagged) {
        String type = file.getFileName().toString().replace(".java", "");
        List<Integer> pending = new ArrayList<>();
        for (String line : lines(file)) {
            Matcher tag = TAG.matcher(line);
            Matcher method = METHOD.matcher(line);
            if (tag.matches()) {
                pending.add(Integer.valueOf(tag.group(1)));
            } else if (method.matches()) {
                pending.forEach(pitfall -> add(tagged, pitfall, type + "#" + method.group(1)));
                pending.clear();
            }
        }
        assertThat(pending).as("tags of no test in %s", file).isEmpty();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static void add(SortedMap<Integer, SortedSet<String>> tests, int pitfall, String test) {
        tests.computeIfAbsent(pitfall, none -> new TreeSet<>()).add(test);
    }
}

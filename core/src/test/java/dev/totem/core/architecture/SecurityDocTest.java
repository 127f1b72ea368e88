/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** Each promise of docs/SECURITY.md names tests that there are, and of an attack all those that are marked with it. */
class SecurityDocTest {

    private static final int ATTACKS = 10;
    private static final Path PAGE = Pages.ROOT.resolve("docs/SECURITY.md");
    private static final Pattern TABLE = Pattern.compile("(?ms)^\\| promise \\|.*?\\|\\n\\|[-|]+\\|\\n(.*?)\\n\\n");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.+?) \\| (.+?) \\|$");
    private static final Pattern ATTACK = Pattern.compile("\\bF(\\d+)\\b");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:#\\w+)?)`");
    private static final Pattern TAG = Pattern.compile("\\s*@Tag\\(\"F(\\d+)\"\\)");
    private static final Pattern METHOD = Pattern.compile("\\s+(?:public )?(?:void|Stream<DynamicTest>) (\\w+)\\(.*");
    private static final Pattern CLASS = Pattern.compile("(?:public )?(?:final )?class (\\w+) .*");

    @Test
    void everyPromiseNamesTests() {
        assertThat(rows()).hasSizeGreaterThan(ATTACKS);
        assertThat(rows())
                .allSatisfy(row -> assertThat(tests(row)).as(row.group(1)).isNotEmpty());
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        SortedSet<String> there = new TreeSet<>();
        eachTest((name, attacks) -> there.add(name));

        assertThat(rows().stream().flatMap(row -> tests(row).stream())).isSubsetOf(there);
    }

    @Test
    void anAttackHasOnePromiseWhichNamesExactlyTheTestsThatAreMarkedWithIt() throws IOException {
        SortedMap<Integer, SortedSet<String>> named = new TreeMap<>();
        rows().forEach(row -> Pages.matches(ATTACK, row.group(1))
                .map(attack -> Integer.valueOf(attack.group(1)))
                .forEach(attack -> assertThat(named.put(attack, new TreeSet<>(tests(row))))
                        .as("F%s", attack)
                        .isNull()));
        SortedMap<Integer, SortedSet<String>> marked = new TreeMap<>();
        eachTest((name, attacks) -> attacks.forEach(attack ->
                marked.computeIfAbsent(attack, none -> new TreeSet<>()).add(name)));

        assertThat(named.keySet())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, ATTACKS).boxed().toList());
        assertThat(named).isEqualTo(marked);
    }

    private static List<MatchResult> rows() {
        Matcher table = TABLE.matcher(Pages.text(PAGE));
        assertThat(table.find()).isTrue();
        return Pages.matches(ROW, table.group(1)).toList();
    }

    private static List<String> tests(MatchResult row) {
        return Pages.matches(TEST, row.group(2)).map(test -> test.group(1)).toList();
    }

    private interface Visitor {
        void test(String name, List<Integer> attacks);
    }

    /** Classes, and their methods behind a #, with the attacks that they are marked with themselves. */
    private static void eachTest(Visitor visitor) throws IOException {
        for (Path file : Pages.files(".java")) {
            String type = file.getFileName().toString().replace(".java", "");
            List<Integer> pending = new ArrayList<>();
            for (String line : lines(file)) {
                Matcher tag = TAG.matcher(line);
                Matcher method = METHOD.matcher(line);
                Matcher itself = CLASS.matcher(line);
                if (tag.matches()) {
                    pending.add(Integer.valueOf(tag.group(1)));
                } else if (itself.matches() && itself.group(1).equals(type)) {
                    visitor.test(type, List.copyOf(pending));
                    pending.clear();
                } else if (method.matches()) {
                    visitor.test(type + "#" + method.group(1), List.copyOf(pending));
                    pending.clear();
                }
            }
        }
    }

    private static List<String> lines(Path file) {
        try (Stream<String> lines = Pages.text(file).lines()) {
            return lines.toList();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What code and pages cite of docs/PROTOCOL.md is there: its sections by number, the steps in them, its rules by name. */
class CitationsTest {

    private static final Path REFERENCE = Pages.ROOT.resolve("docs/PROTOCOL.md");

    private static final String SECTION = "(?:\\d+(?:\\.\\d+)?|A\\.\\d+)(?: steps? \\d+)?";
    private static final Pattern CITATION =
            Pattern.compile("PROTOCOL\\.md[}`]? (" + SECTION + "(?:(?:,| and| to) " + SECTION + ")*)(?![\\d.]*\\d)");
    private static final Pattern CITED = Pattern.compile("(\\d+(?:\\.\\d+)?|A\\.\\d+)(?: steps? (\\d+))?");
    private static final Pattern NAME = Pattern.compile("(?<![\\w.#/-])(?:[DWJP]|ST)\\d{1,2}(?![\\w.-]*\\w)");
    private static final Pattern RULE = Pattern.compile("(?m)^\\| ((?:[DWJ]|ST)\\d+) \\|");
    private static final Pattern PITFALL = Pattern.compile("(?m)^\\| (P\\d+) \\|");
    private static final Pattern PROOF_ROW = Pattern.compile("(?m)^\\| [^|]+ \\| (" + SECTION + ")[ ,][^|]*\\|.*$");
    private static final Pattern HEADING = Pattern.compile("^#{2,3} (\\d+(?:\\.\\d+)?|A(?:\\.\\d+)?) ");
    private static final Pattern STEP = Pattern.compile("^(?:\\| )?(\\d+)(?:\\.| \\|) ");
    private static final Pattern COMMENT = Pattern.compile("(?m)//[^\"\\n]*$|/\\*.*?\\*/", Pattern.DOTALL);

    @Test
    void everyCitedSectionIsInTheReference() throws IOException {
        Set<String> sections = sections();
        List<String> broken = new ArrayList<>();
        int citations = 0;
        for (Path file : sources()) {
            for (MatchResult citation :
                    CITATION.matcher(flowing(file)).results().toList()) {
                citations++;
                cited(citation.group(1))
                        .filter(cited -> !sections.contains(cited))
                        .forEach(cited -> broken.add(file + ": " + cited));
            }
        }

        assertThat(broken).isEmpty();
        assertThat(citations).isPositive();
    }

    /** As it was cited when the reference was not a part of the repository. */
    @Test
    void nothingIsCitedByAnotherName() throws IOException {
        String before = "protocol" + ".md";

        assertThat(sources().stream().filter(file -> Pages.text(file).contains(before)))
                .isEmpty();
    }

    @Test
    void everyRuleThatAPlantedDefectBreaksIsInTheReference() {
        assertThat(Pages.matches(PROOF_ROW, Pages.text(Pages.ROOT.resolve("docs/PROOF.md")))
                        .flatMap(row -> cited(row.group(1))))
                .isNotEmpty()
                .isSubsetOf(sections());
    }

    private static Stream<String> cited(String citation) {
        return Pages.matches(CITED, citation)
                .map(cited -> cited.group(2) == null ? cited.group(1) : cited.group(1) + " step " + cited.group(2));
    }

    @Test
    void everyNamedRuleIsInTheReference() throws IOException {
        Set<String> names = new TreeSet<>();
        Pages.matches(RULE, Pages.text(REFERENCE)).forEach(rule -> names.add(rule.group(1)));
        Pages.matches(PITFALL, Pages.text(Pages.ROOT.resolve("docs/PITFALLS.md")))
                .forEach(pitfall -> names.add(pitfall.group(1)));
        List<String> broken = new ArrayList<>();
        for (Path file : Pages.files(".java")) {
            Pages.matches(COMMENT, Pages.text(file))
                    .flatMap(comment -> Pages.matches(NAME, comment.group()))
                    .map(MatchResult::group)
                    .filter(name -> !names.contains(name))
                    .forEach(name -> broken.add(file + ": " + name));
        }

        assertThat(broken).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        return Stream.concat(Pages.files(".java").stream(), Pages.files(".md").stream())
                .toList();
    }

    /** A file with its lines joined, so that a citation may go over the end of one. */
    private static String flowing(Path file) {
        return Pages.text(file).replaceAll("\\R\\s*(?:\\*(?!/)\\s?|//\\s?)?", " ");
    }

    /** The numbers of all sections, and of the steps of those that have some: "4.1 step 6". */
    private static Set<String> sections() {
        Set<String> sections = new TreeSet<>();
        String section = "";
        for (String line : Pages.prose(REFERENCE).lines().toList()) {
            Matcher heading = HEADING.matcher(line);
            Matcher step = STEP.matcher(line);
            if (heading.find()) {
                section = heading.group(1);
                sections.add(section);
            } else if (step.find()) {
                sections.add(section + " step " + step.group(1));
            }
        }
        return sections;
    }
}

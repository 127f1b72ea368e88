/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.defect;

import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A defect that can be planted in the production code: one edit of one source file.
 *
 * @param name what the code does wrong, in words
 * @param rule the rule that it breaks
 * @param edit where it is
 * @param campaign the runs that catch it
 * @param properties what such a run was seen to violate first
 */
record PlantedDefect(String name, String rule, Edit edit, Campaign campaign, SortedSet<String> properties) {

    PlantedDefect {
        properties = new TreeSet<>(properties);
    }

    /**
     * A text of a source file and what stands there instead.
     *
     * @param type the class below {@code dev.totem.core}, as a path
     * @param exact has to occur once; the kind and amount of white space does not matter
     */
    record Edit(String type, String exact, String replacement) {

        String applied(String source) {
            Matcher matcher = pattern().matcher(source);
            List<MatchResult> found = matcher.results().toList();
            if (found.size() != 1) {
                throw new AssertionError("this text occurs " + found.size() + " times in " + type
                        + ", and has to occur once; change the defect with the code:\n" + exact);
            }
            return source.substring(0, found.get(0).start())
                    + replacement
                    + source.substring(found.get(0).end());
        }

        private Pattern pattern() {
            return Pattern.compile(Arrays.stream(exact.strip().split("\\s+"))
                    .map(Pattern::quote)
                    .collect(Collectors.joining("\\s+")));
        }
    }

    /**
     * Runs of one kind, a seed each.
     *
     * @param kind see {@link CampaignRun}
     * @param from the first seed
     * @param seedsMax how many there are at most
     */
    record Campaign(String kind, long from, int seedsMax) {}
}

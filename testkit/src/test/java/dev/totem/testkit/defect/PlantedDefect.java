/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A defect that can be planted in the production code, and how it is caught.
 *
 * @param name what the code does wrong
 * @param rule the rule that it breaks, of {@code PROTOCOL.md} where it says no other
 * @param edit where it is
 * @param caught by what
 */
record PlantedDefect(String name, String rule, Edit edit, Caught caught) {

    /**
     * A text of a source file and what stands there instead.
     *
     * @param type the class below {@code dev.totem.core.internal}, as a path
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
     * One of the runs of these seeds violates this property.
     *
     * @param property as {@link Violated} names it
     * @param from the first seed
     * @param seedsMax how many there are at most
     */
    record Caught(Campaign campaign, String property, long from, int seedsMax) {

        LongStream seeds() {
            return LongStream.range(from, from + seedsMax);
        }
    }

    /** Its row of the table in {@code docs/PROOF.md}. */
    String row() {
        return "| " + name + " | " + rule + " | " + caught.property() + " | "
                + caught.campaign().name().toLowerCase(Locale.ROOT) + " | " + caught.from() + " to "
                + (caught.from() + caught.seedsMax() - 1) + " |";
    }
}

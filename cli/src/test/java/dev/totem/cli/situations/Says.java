/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import dev.totem.core.NodeHealth.Code;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to be said of a situation, surface by surface. In all texts {@code …} stands for anything. Immutable.
 *
 * @param isUp whether there is a node to be asked
 * @param meanwhile what health says at some time
 * @param then what health says at the end, and nothing else of weight
 * @param log a line of the log, or of stderr where no node comes up; empty if there is none
 * @param doctor a line of {@code totem doctor} with the options of the node; empty if it finds nothing wrong
 * @param explain a line of {@code totem explain}, beside the remedies of what health says
 * @param causes the kinds of causes in {@code /status}
 * @param counts the statistics in {@code /status} that are above 0
 */
record Says(
        boolean isUp,
        List<Code> meanwhile,
        List<Code> then,
        String log,
        String doctor,
        String explain,
        List<String> causes,
        List<String> counts) {

    private static final String ANYTHING = "…";

    /** Nothing of weight, in the end. */
    static Says ready() {
        return health();
    }

    static Says health(Code... then) {
        return new Says(true, List.of(), List.of(then), "", "", "", List.of(), List.of());
    }

    static Says noNode() {
        return new Says(
                false, List.of(), List.of(), "", "", "nobody answers there; start the node", List.of(), List.of());
    }

    Says meanwhile(Code... codes) {
        return new Says(isUp, List.of(codes), then, log, doctor, explain, causes, counts);
    }

    Says log(String line) {
        return new Says(isUp, meanwhile, then, line, doctor, explain, causes, counts);
    }

    Says doctor(String line) {
        return new Says(isUp, meanwhile, then, log, line, explain, causes, counts);
    }

    Says explain(String line) {
        return new Says(isUp, meanwhile, then, log, doctor, line, causes, counts);
    }

    Says causes(String... kinds) {
        return new Says(isUp, meanwhile, then, log, doctor, explain, List.of(kinds), counts);
    }

    Says counts(String... names) {
        return new Says(isUp, meanwhile, then, log, doctor, explain, causes, List.of(names));
    }

    /** Whether a line has these words in it. */
    static boolean has(List<String> lines, String words) {
        Pattern pattern = Pattern.compile(
                Stream.of(words.split(ANYTHING, -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
        return lines.stream().anyMatch(line -> pattern.matcher(line).find());
    }
}

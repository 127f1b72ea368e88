/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import dev.totem.testkit.internal.check.CheckReport;
import dev.totem.testkit.internal.sim.RandomSchedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The properties that a run violated, by name: statements of the checker, invariants, and what else the simulator sees. */
final class Violated {

    private static final Pattern INVARIANT = Pattern.compile("(W[0-9]+)\\b.*", Pattern.DOTALL);

    /** What failures of the simulator say, first match first, and the property that they show to be violated. */
    private static final Map<String, String> FAILURES = failures();

    private Violated() {}

    private static Map<String, String> failures() {
        Map<String, String> known = new LinkedHashMap<>();
        known.put("no rest within", "all come to rest");
        known.put("did not end", "sends end");
        known.put("broke again", "a ring stays");
        known.put("the simulation broke off", "the simulation ends");
        known.put("ProtocolFailureException", "no node stops itself");
        known.put("events completed", "streams go on");
        known.put("events ended", "streams go on");
        known.put("send of", "sends are accepted");
        known.put("damaged message", "messages are intact");
        known.put("group", "handles agree");
        return known;
    }

    static Map<String, String> by(RandomSchedule.Outcome outcome) {
        return by(outcome.report(), outcome.failures());
    }

    static Map<String, String> by(CheckReport report, List<String> failures) {
        Map<String, String> violated = new LinkedHashMap<>();
        report.violations()
                .forEach(violation -> violated.putIfAbsent(violation.rule().name(), violation.toString()));
        failures.forEach(failure -> violated.putIfAbsent(property(failure), failure));
        return violated;
    }

    private static String property(String failure) {
        Matcher invariant = INVARIANT.matcher(failure);
        return invariant.matches()
                ? invariant.group(1)
                : FAILURES.entrySet().stream()
                        .filter(known -> failure.contains(known.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("no node fails");
    }
}

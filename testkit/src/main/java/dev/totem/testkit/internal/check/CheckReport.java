/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a check found. Immutable, any thread.
 *
 * @param violations at most {@link EvsChecker#VIOLATIONS_MAX} a rule
 * @param checked how many times each rule was applied
 * @param notChecked rules that these logs cannot decide, wholly or in part, and why
 */
public record CheckReport(
        List<Violation> violations, SortedMap<EvsRule, Long> checked, SortedMap<EvsRule, String> notChecked) {

    public CheckReport {
        violations = List.copyOf(violations);
        checked = Collections.unmodifiableSortedMap(new TreeMap<>(checked));
        notChecked = Collections.unmodifiableSortedMap(new TreeMap<>(notChecked));
    }

    /** What several checks found together. */
    public static CheckReport union(List<CheckReport> reports) {
        SortedMap<EvsRule, Long> checked = new TreeMap<>();
        SortedMap<EvsRule, String> notChecked = new TreeMap<>();
        reports.forEach(report -> report.checked().forEach((rule, times) -> checked.merge(rule, times, Long::sum)));
        reports.forEach(report -> notChecked.putAll(report.notChecked()));
        return new CheckReport(
                reports.stream().flatMap(report -> report.violations().stream()).toList(), checked, notChecked);
    }

    public boolean passed() {
        return violations.isEmpty();
    }

    /** How many times rules were applied in all. */
    public long checks() {
        return checked.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The whole report for a person, several lines. */
    public String text() {
        String found = violations.stream().map(Violation::toString).collect(Collectors.joining("\n"));
        String open = notChecked.entrySet().stream()
                .map(entry -> "not checked: " + entry.getKey() + ", " + entry.getValue())
                .collect(Collectors.joining("\n"));
        String verdict =
                (passed() ? "no violation" : violations.size() + " violations") + " in " + checks() + " checks";
        return Stream.of(found, open, verdict).filter(part -> !part.isEmpty()).collect(Collectors.joining("\n"));
    }
}

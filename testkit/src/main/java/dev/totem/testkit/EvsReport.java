/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import dev.totem.testkit.internal.check.CheckReport;
import dev.totem.testkit.internal.check.RuleMeaning;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a check of recorded events found. Immutable, any thread.
 *
 * @param violations of each statement the first few; empty if all is well
 * @param checks how many times a statement was applied
 */
public record EvsReport(List<EvsViolation> violations, long checks) {

    public EvsReport {
        violations = List.copyOf(violations);
    }

    static EvsReport of(CheckReport report) {
        return new EvsReport(
                report.violations().stream()
                        .map(violation -> new EvsViolation(
                                violation.rule().name(),
                                violation.rule().sentence(),
                                RuleMeaning.of(violation.rule()),
                                List.copyOf(violation.processes()),
                                violation.what(),
                                violation.chain()))
                        .toList(),
                report.checks());
    }

    @Override
    public String toString() {
        return violations.isEmpty()
                ? "no violation in " + checks + " checks"
                : violations.stream().map(EvsViolation::toString).collect(Collectors.joining("\n"));
    }
}

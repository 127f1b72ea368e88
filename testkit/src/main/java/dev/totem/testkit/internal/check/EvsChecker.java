/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import java.util.List;
import java.util.Optional;

/**
 * Checks the logs of some processes against Extended Virtual Synchrony ({@code PROTOCOL.md} 9). Any thread.
 *
 * <p>Works with what the logs tell: without the moments of sending, or without the sender's own message ids, some rules
 * cannot be decided, and the report says which. The work grows with the number of events, times the members of a ring for
 * causality.
 */
public final class EvsChecker {

    /** How many violations of one rule a report holds; more of the same seldom tells more. */
    public static final int VIOLATIONS_MAX = 5;

    private final CheckOptions options;

    public EvsChecker(CheckOptions options) {
        this.options = options;
    }

    /**
     * Checks all rules.
     *
     * @param logs every life of every process, in any order
     * @param end what is stable at the end; without it, liveness is not checked
     */
    public CheckReport check(List<EvsLog> logs, Optional<EndStatement> end) {
        Findings findings = new Findings();
        History history = History.read(logs, end, options, findings);
        new StructureRules(history, findings).check();
        new SendRules(history, findings).check();
        new AtomicityRule(history, findings).check();
        new CausalRules(history, findings).check();
        new HoleRule(history, findings).check();
        new SafeRules(history, findings).check();
        new OrderGraph(history, findings).check();
        history.groups.check(findings);
        new QuorumRules(history, findings).check();
        end.ifPresent(statement -> new EndRule(history, findings).check(statement));
        admit(history, findings);
        return findings.report();
    }

    private void admit(History history, Findings findings) {
        boolean hasSubmits = !history.submitted.isEmpty();
        if (!history.hasSends) {
            findings.notChecked(EvsRule.ST9, "the logs do not say when a message was sent");
        }
        if (!history.hasSends && !hasSubmits) {
            String why = "the logs do not say what was sent, only what was delivered";
            List.of(EvsRule.S1_1, EvsRule.S5_FIFO, EvsRule.S5_CAUSAL, EvsRule.A3)
                    .forEach(rule -> findings.notChecked(rule, why));
            findings.notChecked(EvsRule.S1_3, "only that the sender was on that ring: " + why);
        }
        if (history.hasDerivedIds) {
            findings.notChecked(
                    EvsRule.S1_4, "only by position: messages have no ids of their own, so a resent copy is not seen");
        }
        if (!history.groups.hasViews()) {
            List.of(EvsRule.G1, EvsRule.G2, EvsRule.G3, EvsRule.G4)
                    .forEach(rule -> findings.notChecked(rule, "the logs do not say who is in the groups"));
        }
        if (history.lives().stream()
                .flatMap(life -> life.spans.stream())
                .allMatch(span -> span.conf.primary().isEmpty())) {
            List.of(EvsRule.Q1, EvsRule.Q2, EvsRule.Q3, EvsRule.Q4)
                    .forEach(rule -> findings.notChecked(rule, "the nodes have no quorum, as far as the logs tell"));
        } else if (!hasSubmits) {
            findings.notChecked(EvsRule.Q4, "the logs do not say what was sent");
        }
        if (options.firstReplayed()) {
            findings.notChecked(EvsRule.ST1, "a log may begin late");
        }
        if (history.end.isEmpty()) {
            List.of(EvsRule.S2_1, EvsRule.S3_L, EvsRule.S4_L, EvsRule.A4)
                    .forEach(rule -> findings.notChecked(rule, "nobody says that the end was stable"));
        } else if (!hasSubmits) {
            findings.notChecked(
                    EvsRule.A4,
                    history.hasConfirmations
                            ? "only sends that were delivered at home: the logs do not say what was sent"
                            : "the logs do not say what was sent, nor what was confirmed");
        }
    }
}

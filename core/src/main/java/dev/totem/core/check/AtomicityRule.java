/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** S4: the same deliveries between two configurations at all that saw one directly after the other. */
final class AtomicityRule {

    private final History history;
    private final Findings findings;

    AtomicityRule(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    void check() {
        Map<Step, Span> first = new HashMap<>();
        for (Life life : history.lives()) {
            for (Span span : life.spans) {
                if (span.next == null || span.partial) {
                    continue;
                }
                Span other = first.putIfAbsent(new Step(span.key(), span.next.key()), span);
                if (other != null) {
                    findings.count(EvsRule.S4);
                    compare(other, span, span.next);
                }
            }
        }
    }

    private void compare(Span one, Span two, Span next) {
        int common = commonPrefix(one.delivered, two.delivered);
        if (common == one.delivered.size() && common == two.delivered.size()) {
            return;
        }
        findings.add(
                EvsRule.S4,
                "different deliveries, from number " + common + " on, between " + one.conf + " and " + next.conf,
                List.of(one.life, two.life),
                List.of(says(one, common), says(two, common)));
    }

    private static String says(Span span, int at) {
        return span.life.says(
                at < span.delivered.size()
                        ? "DLV " + span.delivered.get(at).at()
                        : "goes on to the next configuration");
    }

    static int commonPrefix(List<Known> one, List<Known> two) {
        int least = Math.min(one.size(), two.size());
        int at = 0;
        while (at < least && one.get(at) == two.get(at)) {
            at++;
        }
        return at;
    }

    private record Step(Span.Key from, Span.Key to) {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * S4: the same deliveries between two configurations at all that saw one directly after the other; in the end (L) also at
 * all that are in the last one.
 */
final class AtomicityRule {

    private final History history;
    private final Findings findings;

    AtomicityRule(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    void check() {
        Map<Step, Span> first = new HashMap<>();
        Map<Span.Key, Span> last = new HashMap<>();
        for (Life life : history.lives()) {
            for (Span span : life.spans) {
                if (span.partial) {
                    continue;
                }
                if (span.next != null) {
                    Span other = first.putIfAbsent(new Step(span.key(), span.next.key()), span);
                    compare(EvsRule.S4, other, span, " and " + span.next.conf);
                } else if (history.isLiveAtEnd(life)) {
                    compare(EvsRule.S4_L, last.putIfAbsent(span.key(), span), span, " and the end");
                }
            }
        }
    }

    private void compare(EvsRule rule, @Nullable Span one, Span two, String until) {
        if (one == null) {
            return;
        }
        findings.count(rule);
        int common = commonPrefix(one.delivered, two.delivered);
        if (common == one.delivered.size() && common == two.delivered.size()) {
            return;
        }
        findings.add(
                rule,
                "different deliveries, from number " + common + " on, between " + one.conf + until,
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

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * S6.3 in its direct form: no holes in a regular configuration; in a transitional one, none of its members' messages.
 *
 * <p>What can be missing is what anybody delivered or was confirmed.
 */
final class HoleRule {

    private final History history;
    private final Findings findings;

    HoleRule(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    void check() {
        for (RingHistory ring : history.rings.values()) {
            for (Stay stay : ring.stays) {
                regular(ring, stay);
                stay.transitionalSpan().ifPresent(span -> transitional(ring, stay, span));
            }
        }
    }

    private void regular(RingHistory ring, Stay stay) {
        BitSet delivered = stay.deliveredRegular;
        findings.count(EvsRule.S6_3, delivered.cardinality());
        int from = stay.regular.partial ? Math.max(0, delivered.nextSetBit(0)) : 0;
        int hole = delivered.nextClearBit(from);
        if (hole < delivered.length()) {
            int after = delivered.nextSetBit(hole);
            report(ring, stay, stay.regular, hole, after);
        }
    }

    private void transitional(RingHistory ring, Stay stay, Span span) {
        BitSet delivered = stay.delivered;
        findings.count(EvsRule.S6_3, span.delivered.size());
        int from = stay.regular.partial ? Math.max(0, delivered.nextSetBit(0)) : 0;
        for (int hole = delivered.nextClearBit(from);
                hole < delivered.length();
                hole = delivered.nextClearBit(hole + 1)) {
            if (span.conf.members().contains(ring.messages.get(hole).sender)) {
                report(ring, stay, span, hole, delivered.nextSetBit(hole));
                return;
            }
        }
    }

    private void report(RingHistory ring, Stay stay, Span span, int hole, int after) {
        Known missing = ring.messages.get(hole);
        Optional<Life> other = ring.stays.stream()
                .filter(one -> one.delivered.get(hole))
                .map(Stay::life)
                .findFirst();
        String elsewhere = other.map(life -> life.says("DLV " + missing.at())).orElse("SENT " + missing.at());
        findings.add(
                EvsRule.S6_3,
                "a hole in " + span.conf,
                List.of(stay.life()),
                List.of(
                        elsewhere,
                        stay.life().says(span.conf),
                        stay.life().says("DLV " + ring.messages.get(after).at() + " without it")));
    }
}

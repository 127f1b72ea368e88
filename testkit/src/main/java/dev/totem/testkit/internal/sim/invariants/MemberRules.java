/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.protocol.RingView;
import dev.totem.core.internal.protocol.RingView.OrderView;

/**
 * W6 and W8: processors on one ring agree on what it is.
 *
 * <p>W6: of processors in Recovery or Operational with one ring id, all have the same members, by node and life, and each is
 * one of them.
 *
 * <p>W8: the install seq with which a processor goes from Recovery to Operational is that of all others on the ring.
 */
final class MemberRules implements StepRule {

    @Override
    public void check(Step step, Rings rings, Breaches breaches) {
        step.after()
                .order()
                .ifPresent(now -> rings.of(now).ifPresent(ring -> {
                    members(step, now, ring, breaches);
                    if (step.beganIn(RingPhase.RECOVERY) && step.after().phase() == RingPhase.OPERATIONAL) {
                        install(step, ring, breaches);
                    }
                }));
    }

    private static void members(Step step, OrderView now, RingLedger ring, Breaches breaches) {
        boolean isNews = step.orderBefore(now).isEmpty();
        if (isNews && !ring.members.equals(now.members())) {
            breaches.add(
                    RingRule.W6,
                    step,
                    "ring " + ring.ring + " is of " + now.members() + ", but of " + ring.members + " at node "
                            + ring.firstSeen.node());
        }
        if (isNews && !now.members().contains(step.self())) {
            breaches.add(RingRule.W6, step, "ring " + ring.ring + " is of " + now.members() + ", without this life");
        }
    }

    private static void install(Step step, RingLedger ring, Breaches breaches) {
        long seq = step.before()
                .flatMap(RingView::order)
                .map(OrderView::installSeq)
                .orElse(-1L);
        if (!ring.installs(step.self(), seq)) {
            breaches.add(RingRule.W8, step, "installs " + ring.ring + " at " + seq + ", but " + ring.firstInstall());
        }
    }
}

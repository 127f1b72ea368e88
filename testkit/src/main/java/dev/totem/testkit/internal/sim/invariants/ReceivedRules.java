/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.RingView.OrderView;

/**
 * W2, W3 and W4: nobody is taken to have received what it has not.
 *
 * <p>W2 at each accepted token: the lower of the arus received now and at this member's visit before is held by every
 * member. {@link TokenRules} has the other half of W2.
 *
 * <p>W3: what a member has freed is held, or has been freed, by every member; and a member frees only what it needs no more
 * itself: delivered, or unwrapped during recovery.
 */
final class ReceivedRules implements StepRule {

    @Override
    public void check(Step step, Rings rings, Breaches breaches) {
        step.after().order().ifPresent(now -> rings.of(now).ifPresent(ring -> order(step, now, ring, breaches)));
    }

    private static void order(Step step, OrderView now, RingLedger ring, Breaches breaches) {
        step.accepted().ifPresent(token -> acknowledged(step, token, now, ring, breaches));
        if (!ring.allHold(now.released())) {
            breaches.add(
                    RingRule.W3,
                    step,
                    "freed " + now.released() + " of " + ring.ring + ", but " + ring.laggard(now.released()));
        }
        if (now.released() > now.consumed()) {
            breaches.add(
                    RingRule.W3,
                    step,
                    "freed " + now.released() + " of " + ring.ring + ", but needs all after " + now.consumed());
        }
        if (!ring.allHold(now.safeLine())) {
            breaches.add(
                    RingRule.W4,
                    step,
                    "calls " + now.safeLine() + " of " + ring.ring + " safe, but " + ring.laggard(now.safeLine()));
        }
    }

    private static void acknowledged(Step step, RegularToken token, OrderView now, RingLedger ring, Breaches breaches) {
        long before = step.orderBefore(now).map(OrderView::lastAru).orElse(-1L);
        long stable = Math.min(before, token.aru());
        if (!ring.allHold(stable)) {
            breaches.add(
                    RingRule.W2,
                    step,
                    "aru " + before + " and then " + token.aru() + " on " + ring.ring + ", but "
                            + ring.laggard(stable));
        }
    }
}

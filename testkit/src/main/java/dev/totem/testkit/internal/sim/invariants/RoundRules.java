/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.protocol.RingView;
import dev.totem.core.internal.protocol.RingView.OrderView;
import dev.totem.core.internal.protocol.RingView.RoundView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * W5 and W7: what a processor may do between two installs.
 *
 * <p>W5: from leaving a ring until the next install, the old ring is the one that was left, and proc and fail only grow.
 *
 * <p>W7: a regular message of this processor that it did not multicast before leaves only in a step that began in
 * Operational, and is of the ring installed there. Copies of others' messages are no origination.
 */
final class RoundRules implements StepRule {

    private final Map<Origin, RingId> installed = new HashMap<>();

    @Override
    public void check(Step step, Rings rings, Breaches breaches) {
        round(step, breaches);
        origination(step, breaches);
        if (step.after().phase() == RingPhase.OPERATIONAL) {
            step.after().order().ifPresent(order -> installed(step, order));
        }
    }

    private void installed(Step step, OrderView now) {
        boolean isNews =
                !step.beganIn(RingPhase.OPERATIONAL) || step.orderBefore(now).isEmpty();
        if (isNews) {
            installed.put(step.self(), now.ring());
        }
    }

    private void round(Step step, Breaches breaches) {
        RoundView now = step.after().round().orElse(null);
        if (now == null) {
            return;
        }
        RingId ring = installed.computeIfAbsent(step.self(), first -> now.oldRing());
        if (!ring.equals(now.oldRing())) {
            breaches.add(RingRule.W5, step, "old ring " + now.oldRing() + " though " + ring + " was installed last");
        }
        RoundView was = step.before().flatMap(RingView::round).orElse(null);
        if (was != null && !(grows(was.proc(), now.proc()) && grows(was.fail(), now.fail()))) {
            breaches.add(
                    RingRule.W5,
                    step,
                    "proc " + was.proc() + " fail " + was.fail() + " became proc " + now.proc() + " fail "
                            + now.fail());
        }
    }

    private static <T> boolean grows(List<T> was, List<T> now) {
        return was == now || now.containsAll(was);
    }

    private static void origination(Step step, Breaches breaches) {
        for (Effect effect : step.effects()) {
            if (effect instanceof Effect.Multicast multicast
                    && multicast.message() instanceof RegularMessage message
                    && message.origin().equals(step.self())
                    && !isOfInstalled(message, step)) {
                breaches.add(
                        RingRule.W7,
                        step,
                        "multicasts its message " + message.seq() + " of " + message.ring()
                                + " in a step that began in "
                                + step.before()
                                        .map(was -> was.phase().toString())
                                        .orElse("nothing"));
            }
        }
    }

    private static boolean isOfInstalled(RegularMessage message, Step step) {
        return step.before()
                .filter(was -> was.phase() == RingPhase.OPERATIONAL)
                .flatMap(RingView::order)
                .filter(was -> was.ring().equals(message.ring()))
                .isPresent();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.RingView.OrderView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** W11: the leases of all lives, each by its own clock, and the primary rings that anybody installs. One thread. */
final class Leases {

    private final Map<Origin, Held> held = new LinkedHashMap<>();
    private Optional<ConfigChange> primary = Optional.empty();
    private boolean isOver;

    private record Held(NodeId node, RingId ring, long untilNanos, LifeWatch.Clock clock) {

        boolean isNow() {
            return !clock.isDead() && clock.nowNanos() - untilNanos < 0;
        }
    }

    /** Two processes have one id: nothing is promised of who decides. */
    void end() {
        isOver = true;
        held.clear();
    }

    void stepped(Step step, LifeWatch.Clock clock, Breaches breaches) {
        if (isOver) {
            return;
        }
        long until = step.after().leaseUntilNanos();
        Optional<RingId> ring = step.after().order().map(OrderView::ring);
        held.remove(step.self());
        if (until != 0 && ring.isPresent()) {
            Held lease = new Held(step.self().node(), ring.get(), until, clock);
            held.put(step.self(), lease);
            check(lease, step, breaches);
        }
        for (Effect effect : step.effects()) {
            if (effect instanceof Effect.Install install
                    && install.change().isRegular()
                    && install.change().isPrimary()
                    && primary.filter(last ->
                                    last.ring().seq() >= install.change().ring().seq())
                            .isEmpty()) {
                primary = Optional.of(install.change());
                held.values().forEach(lease -> check(lease, step, breaches));
            }
        }
    }

    private void check(Held lease, Step step, Breaches breaches) {
        primary.filter(latest -> !latest.ring().equals(lease.ring) && lease.isNow())
                .ifPresent(latest -> breaches.add(
                        RingRule.W11,
                        step,
                        "node " + lease.node + " holds the lease of ring " + lease.ring + ", and ring " + latest.ring()
                                + " of " + latest.members() + " is primary"));
    }
}

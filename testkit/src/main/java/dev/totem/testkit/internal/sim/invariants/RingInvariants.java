/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.NodeId;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The invariants of {@link RingRule} over all nodes of one cluster ({@code PROTOCOL.md} 9.6): the nodes' steps in, broken
 * invariants out. One thread.
 *
 * <p>Costs a step little more than the view of it: what all members of a ring have is kept up to date, not searched for.
 */
public final class RingInvariants {

    private final Rings rings = new Rings();
    private final Breaches breaches;
    private final Leases leases = new Leases();
    private final Versions versions = new Versions();
    private final List<StepRule> rules =
            List.of(new TokenRules(), new ReceivedRules(), new RoundRules(), new MemberRules());

    /** @param nowNanos the virtual time, for the texts */
    public RingInvariants(LongSupplier nowNanos) {
        breaches = new Breaches(nowNanos);
    }

    /**
     * A life of a node begins.
     *
     * @param cluster whose frames are its own
     * @param clock by which its lease is held
     */
    public LifeWatch begin(NodeId node, String cluster, LifeWatch.Clock clock) {
        return new LifeWatch(this, clock, new StoredNumber(node, cluster, breaches));
    }

    /** From now on two processes have this id; each has lives of its own. */
    public void shared(NodeId id) {
        rings.shared(id);
        leases.end();
    }

    /** Each broken invariant when it was first broken: its id and sentence, a colon, the node, the time, and how. */
    public List<String> failures() {
        return breaches.texts();
    }

    void stepped(Step step, LifeWatch.Clock clock) {
        leases.stepped(step, clock, breaches);
        versions.stepped(step, breaches);
        step.after().order().ifPresent(order -> rings.seen(step.self(), order));
        for (StepRule rule : rules) {
            rule.check(step, rings, breaches);
        }
    }
}

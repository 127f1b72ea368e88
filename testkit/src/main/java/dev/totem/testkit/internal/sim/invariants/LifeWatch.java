/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingView;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.RingSequenceStore;
import java.util.List;
import java.util.Optional;

/** Watches one life of one node: its steps, its stable storage, and what leaves it. One thread. */
public final class LifeWatch implements StepWitness {

    private final RingInvariants invariants;
    private final StoredNumber stored;
    private final Clock clock;
    private Optional<RingView> before = Optional.empty();

    /** The clock of a life, and its end. */
    public interface Clock {

        long nowNanos();

        boolean isDead();
    }

    LifeWatch(RingInvariants invariants, Clock clock, StoredNumber stored) {
        this.invariants = invariants;
        this.clock = clock;
        this.stored = stored;
    }

    @Override
    public void stepped(Input input, RingView view, List<Effect> effects) {
        invariants.stepped(new Step(input, before, view, effects), clock);
        before = Optional.of(view);
    }

    /** The same store, with an eye on what has been kept. */
    public RingSequenceStore disk(RingSequenceStore disk) {
        return stored.disk(disk);
    }

    /** The same link, with an eye on the ring numbers that leave. */
    public DatagramLink link(DatagramLink link) {
        return stored.link(link);
    }
}

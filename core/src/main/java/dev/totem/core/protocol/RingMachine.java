/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.protocol;

import dev.totem.core.TotemConfig;
import dev.totem.core.message.Origin;
import dev.totem.core.packing.PacketSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** The only door to the protocol: inputs in, effects out, time as an argument. Node loop only. */
public final class RingMachine {

    public RingMachine(
            Origin self, TotemConfig config, PacketSource source, RandomGenerator random, RingObserver observer) {}

    /**
     * Lets one thing happen.
     *
     * @param nowNanos monotonic time, never less than at the step before
     */
    public void step(long nowNanos, Input input) {
        throw new UnsupportedOperationException("under construction");
    }

    /** When {@link Input.TimerDue} is wanted next; {@link Long#MAX_VALUE} if never. */
    public long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }

    /** The effects of the steps since the last call, in order; the list belongs to the caller. */
    public List<Effect> drain() {
        return List.of();
    }

    public RingPhase phase() {
        return RingPhase.OPERATIONAL;
    }
}

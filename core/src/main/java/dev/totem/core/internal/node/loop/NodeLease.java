/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.loop;

import dev.totem.core.Lease;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The lease as users see it: written by the node's loop before anything that follows from it leaves the node. Any thread. */
public final class NodeLease implements Lease {

    private static final long NONE = 0;

    private final LongSupplier clock;
    private volatile long untilNanos = NONE;

    public NodeLease(LongSupplier clock) {
        this.clock = clock;
    }

    /** @param until of the node's clock; 0 if it is not held */
    void until(long until) {
        if (until != untilNanos) {
            untilNanos = until;
        }
    }

    @Override
    public boolean isHeld(long nowNanos) {
        long until = untilNanos;
        return until != NONE && nowNanos - until < 0;
    }

    @Override
    public long nowNanos() {
        return clock.getAsLong();
    }

    @Override
    public Duration remaining() {
        long until = untilNanos;
        return until == NONE ? Duration.ZERO : Duration.ofNanos(Math.max(0, until - nowNanos()));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.environment;

import dev.totem.core.RingId;
import java.time.Duration;

/**
 * How far ahead of their use a node reserves ring numbers on stable storage. Immutable, any thread.
 *
 * <p>A restart skips what was reserved and not used. That must be less than the clock's numbers of the time a restart takes:
 * so no node gets ahead of the clock, which is what begins a life whose storage was lost.
 *
 * @param rings above all numbers used or heard of
 * @param renewal how often the reserve is written again if nothing happens; zero: never
 */
public record RingReserve(long rings, Duration renewal) {

    /** The clock's numbers of two milliseconds, written twice a minute, so that storage that fails is noticed early. */
    public static final RingReserve PRODUCTION = new RingReserve(512, Duration.ofSeconds(30));

    public RingReserve {
        if (rings < 1) {
            throw new IllegalArgumentException("rings " + rings + " must be at least 1");
        }
    }

    /** The bound to keep: numbers below it may be used. */
    public long bound(long highest) {
        return highest + rings * RingId.STEP;
    }

    /** Whether half of the numbers above the highest have been used or passed over. */
    public boolean isLow(long bound, long highest) {
        return bound - highest < (rings * RingId.STEP + 1) / 2;
    }
}

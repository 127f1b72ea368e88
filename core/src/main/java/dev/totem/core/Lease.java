/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import java.time.Duration;

/**
 * Whether a node may act for the primary part without asking: while its lease is held, no other part is primary, whatever it has
 * not heard. Any thread; a comparison, cheap enough for every request.
 *
 * <p>The token renews it at each visit in a primary configuration with a {@link Quorum}; nothing is sent for it. It ends by itself
 * when the node is cut off or stands still, and at once when the node looks for another ring. It tells of the moment at which it is
 * asked: what was begun under it may end after it, so fence what leaves the cluster with positions. It relies on a monotonic clock
 * that goes on while the process stands still and whose rate differs from the others' by a thirtieth at most; a virtual machine that
 * was suspended has no such clock.
 */
public interface Lease {

    /** Whether it is held now. */
    default boolean isHeld() {
        return isHeld(nowNanos());
    }

    /**
     * Whether it is held at a time.
     *
     * @param nowNanos as {@link #nowNanos()} has told it since the last renewal
     */
    boolean isHeld(long nowNanos);

    /** The clock by which it is held: monotonic, nanoseconds, of arbitrary origin. */
    long nowNanos();

    /** For how long it is held if it is not renewed; zero if it is not held. */
    Duration remaining();
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import java.time.Duration;

/**
 * The longest random delay before a Join (send_join of {@code PROTOCOL.md} 5.1). Any thread.
 *
 * <p>Ours: with more than {@value #AT_ONCE_MAX} candidates it is at least {@value #MICROS_EACH} µs per candidate, whatever the
 * setting. A processor that starts among many learns of them one by one; without the delay it announces each, to all of
 * them, and datagrams grow with the cube of the ring.
 */
public final class JoinSpread {

    private static final int AT_ONCE_MAX = 16;
    private static final int MICROS_EACH = 300;

    private JoinSpread() {}

    /** The delay for so many candidates, at least as set. */
    public static Duration of(Duration set, int candidates) {
        Duration least =
                candidates <= AT_ONCE_MAX ? Duration.ZERO : Duration.ofNanos(1_000L * MICROS_EACH * candidates);
        return set.compareTo(least) < 0 ? least : set;
    }
}

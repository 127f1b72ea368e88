/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.loop;

import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * How much the seal may send to one address without being asked by anybody it knows, so that whose address somebody forges is
 * not flooded. Node loop only.
 *
 * <p>Addresses share {@value #PLACES} accounts, whose choice an outsider does not know: memory is bounded, and two addresses
 * are seldom in each other's way.
 */
final class ReplyBudget {

    /** A node that starts needs four, and as many for each life that it had. */
    static final int FRAMES_MAX = 32;

    static final int PLACES_BITS = 10;

    static final int PLACES = 1 << PLACES_BITS;

    private static final long NANOS_EACH = TimeUnit.SECONDS.toNanos(1) / FRAMES_MAX;

    /** When an account is full again; what lies ahead of now is spent. */
    private final long[] fullNanos = new long[PLACES];

    private final int salt = System.identityHashCode(this);

    /** Takes one frame, if there is one: {@value #FRAMES_MAX} at once and in a second. */
    boolean take(SocketAddress to, long nowNanos) {
        // The high bits: the low ones of a product say which addresses meet, whatever the salt.
        int place = ((to.hashCode() ^ salt) * 0x9E3779B1) >>> (Integer.SIZE - PLACES_BITS);
        long full = fullNanos[place] == 0 ? nowNanos : Math.max(fullNanos[place], nowNanos);
        if (full + NANOS_EACH - nowNanos > FRAMES_MAX * NANOS_EACH) {
            return false;
        }
        fullNanos[place] = full + NANOS_EACH;
        return true;
    }
}

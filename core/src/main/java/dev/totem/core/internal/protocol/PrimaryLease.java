/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.internal.membership.RingQuorum;

/**
 * Until when no other ring can be primary, by what this processor knows ({@code PROTOCOL.md} 3.11 derives it). Node loop only; for a
 * whole life.
 *
 * <p>At each visit of the token all other members have passed it on since the visit before, so that none of them had left the ring
 * then; and after that they need a consensus timeout to give up on this one, or a token timeout if it does not receive. So the lease
 * runs from the visit <em>before</em> the last one, for the least that any member waits, less what clocks may differ.
 */
final class PrimaryLease {

    /** There is none. */
    static final long NONE = 0;

    /** Two clocks may differ by this part of the time. */
    private static final int DRIFT_PART = 16;

    private static final long NANOS_A_MILLISECOND = 1_000_000;

    private long termNanos;
    private boolean hasVisited;
    private long visitNanos;
    private long untilNanos = NONE;

    /** A ring is installed; all of its members have installed it when the token comes again. */
    void installed(RingQuorum.Verdict verdict, boolean hasQuorum) {
        left();
        long patienceNanos = verdict.patienceMillis() * NANOS_A_MILLISECOND;
        termNanos = verdict.isPrimary() && hasQuorum ? patienceNanos - patienceNanos / DRIFT_PART : 0;
    }

    /** The ring is left, or another process uses this node's id. */
    void left() {
        termNanos = 0;
        hasVisited = false;
        untilNanos = NONE;
    }

    /**
     * A token was accepted on the installed ring.
     *
     * @param holdsAll whether this processor has received all that was announced when it passed the token on last, so that nobody
     *     has been counting against it since then
     */
    void visited(boolean holdsAll, long nowNanos) {
        if (hasVisited && holdsAll && termNanos > 0) {
            long until = visitNanos + termNanos;
            untilNanos = until == NONE ? until - 1 : until;
        }
        hasVisited = true;
        visitNanos = nowNanos;
    }

    /** When it ends if it is not renewed; {@link #NONE} if it is not held. */
    long untilNanos() {
        return untilNanos;
    }
}

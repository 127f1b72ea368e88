/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.internal.message.RegularToken;

/**
 * Whether a recovery goes round without going on: for a token timeout nobody has missed or sent anything, and the flag has
 * stayed as it is. Node loop only, one an attempt.
 *
 * <p>Ours: who raised the flag lowers it ({@code PROTOCOL.md} 3.6), so that a flag that nobody raised would stay for ever.
 * While somebody misses something, {@link dev.totem.core.internal.ordering.ReceiveFailure} counts.
 */
final class Standstill {

    private final long patienceNanos;
    private long seq = -1;
    private boolean flag;
    private long sinceNanos;

    Standstill(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /** A token is passed on as given; whether the attempt is to be given up. */
    boolean visited(RegularToken forwarded, long nowNanos) {
        boolean isComplete = forwarded.aru() == forwarded.seq();
        if (!isComplete || forwarded.seq() != seq || forwarded.retransFlag() != flag) {
            seq = forwarded.seq();
            flag = forwarded.retransFlag();
            sinceNanos = nowNanos;
        }
        return nowNanos - sinceNanos >= patienceNanos;
    }
}

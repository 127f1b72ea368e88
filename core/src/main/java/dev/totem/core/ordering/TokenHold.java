/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.ordering;

import dev.totem.core.message.RegularToken;

/**
 * When a ring counts as idle, so that its representative keeps the token for a while ({@code protocol.md} 4.8). Node loop
 * only; one a ring.
 *
 * <p>A ring is not idle while a member misses something; a SAFE message is delivered two rotations after its number was
 * assigned, long before the least number of unchanged visits that lets the ring be held.
 */
public final class TokenHold {

    private final int unchangedMax;
    private long lastSeq = -1;
    private int unchanged;
    private boolean cancelSent;

    public TokenHold(int seqnoUnchangedConst) {
        unchangedMax = seqnoUnchangedConst;
    }

    /** A token was accepted and is forwarded as given. */
    public void visited(RegularToken forwarded) {
        boolean idle = forwarded.seq() == lastSeq
                && forwarded.aru() == forwarded.seq()
                && forwarded.retransmitRequests().isEmpty();
        unchanged = idle ? unchanged + 1 : 0;
        lastSeq = forwarded.seq();
        cancelSent = false;
    }

    /** Whether no new message was ordered since the visit before. */
    public boolean isUnchanged() {
        return unchanged > 0;
    }

    /** Whether the representative keeps the token now. */
    public boolean holds() {
        return unchanged > unchangedMax;
    }

    /** Whether a member has to assume that the representative keeps the token. */
    public boolean seemsHeld() {
        return unchanged >= unchangedMax;
    }

    /** Whether a hold cancel should go out; true once a visit. */
    public boolean cancelOnce() {
        boolean send = seemsHeld() && !cancelSent;
        cancelSent |= send;
        return send;
    }

    /** Somebody has something to send. */
    public void cancel() {
        unchanged = 0;
    }
}

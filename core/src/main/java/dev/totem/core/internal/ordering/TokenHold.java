/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.internal.message.RegularToken;

/**
 * When nobody waits for the token, so that its representative keeps it ({@code protocol.md} 4.8). Node loop only; one a ring.
 *
 * <p>Deviation: an idle ring is held for long, and a ring with little traffic for a moment, after each rotation that left
 * nothing to do. The rotation that confirms a message then often carries the next one.
 *
 * <p>A ring is not idle while a member misses something; a SAFE message is delivered two rotations after its number was
 * assigned, long before the least number of unchanged visits that lets the ring be held.
 */
public final class TokenHold {

    private final int unchangedMax;
    private final FlowControl flow;
    private long lastSeq = -1;
    private int unchanged;
    private boolean isLittle;
    private boolean mayPause;
    private boolean isQuiet;
    private boolean isWanted;
    private boolean cancelSent;

    public TokenHold(int seqnoUnchangedConst, FlowControl flow) {
        this.unchangedMax = seqnoUnchangedConst;
        this.flow = flow;
    }

    /** A token was accepted and is forwarded as given. */
    public void visited(RegularToken forwarded) {
        boolean nothingMissing = forwarded.aru() == forwarded.seq()
                && forwarded.retransmitRequests().isEmpty();
        unchanged = nothingMissing && forwarded.seq() == lastSeq ? unchanged + 1 : 0;
        lastSeq = forwarded.seq();
        boolean wasLittle = isLittle;
        isLittle = flow.isLittle(forwarded.fcc());
        mayPause = flow.isLittleTwice(forwarded.fcc());
        isQuiet = wasLittle && isLittle && nothingMissing && !isWanted && forwarded.backlog() <= forwarded.fcc();
        isWanted = false;
        cancelSent = false;
    }

    /** Whether no new message was ordered since the visit before. */
    public boolean isUnchanged() {
        return unchanged > 0;
    }

    /** Whether the representative keeps the token now, as the ring is idle. */
    public boolean holds() {
        return unchanged > unchangedMax;
    }

    /** Whether a member has to assume that the representative keeps the token, as the ring is idle. */
    public boolean seemsHeld() {
        return unchanged >= unchangedMax;
    }

    /** Whether the last rotation left nothing to do: all that waited was sent and nobody misses anything, as far as the token says. */
    public boolean isQuiet() {
        return isQuiet;
    }

    /**
     * Whether a hold cancel should go out; true once a visit. The representative may keep the token although it was not quiet here:
     * what was missing has come, and what was counted here are parts of its two little rotations.
     */
    public boolean cancelOnce() {
        boolean send = (seemsHeld() || mayPause) && !cancelSent;
        cancelSent |= send;
        return send;
    }

    /** Somebody has something to send, and the token is on its way. */
    public void cancel() {
        unchanged = 0;
        isWanted = true;
    }

    /** A held token goes on, as somebody has something to send. */
    public void released() {
        unchanged = 0;
    }
}

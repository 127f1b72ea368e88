/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.internal.message.RegularToken;

/**
 * Tells whether the representative may keep the token, because nobody waits for it ({@code PROTOCOL.md} 4.8). Node loop only;
 * one per ring.
 *
 * <p>An idle ring is held for long. Ours: a ring with little traffic is held for a moment, after each rotation that left
 * nothing to do. The rotation that confirms a message then often carries the next message.
 *
 * <p>A ring is not idle while a member misses something. A hold does not delay SAFE messages: they need two rotations, and a
 * ring counts as idle only after more.
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

    /** Whether the ring is idle, so that the representative keeps the token now. */
    public boolean holds() {
        return unchanged > unchangedMax;
    }

    /** Whether the ring looks idle from here, so that the representative may be keeping the token. */
    public boolean seemsHeld() {
        return unchanged >= unchangedMax;
    }

    /** Whether, by the token, the last rotation left nothing to do: all that waited was sent, and nobody misses anything. */
    public boolean isQuiet() {
        return isQuiet;
    }

    /**
     * Whether a hold cancel should go out; true at most once per visit.
     *
     * <p>It may have to go out although the rotation was not quiet here. What was missing here may have come before the token
     * reached the representative. And the count seen here may mix two rotations, each of which had little traffic.
     */
    public boolean cancelOnce() {
        boolean send = (seemsHeld() || mayPause) && !cancelSent;
        cancelSent |= send;
        return send;
    }

    /** Somebody has something to send while the token is on its way: it is not kept at its next visit. */
    public void cancel() {
        unchanged = 0;
        isWanted = true;
    }

    /** The held token goes on, because somebody has something to send. */
    public void released() {
        unchanged = 0;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.settings.FlowLimits;

/**
 * What one processor knows of one ring's order: the store, and what it must remember from one token visit to the next.
 *
 * <p>Node loop only. Made when a ring is proposed, dropped when it is given up or, after an install, when the next ring is
 * installed.
 */
public final class RingOrder {

    private static final int AUDITED_ROTATIONS = 8;

    private final RingId ring;
    private final Origin self;
    private final FlowLimits limits;
    private final MessageStore store;
    private final FlowControl flow;
    private final VisitPace pace;
    private final RetransmitRequests requests;
    private final SafeLine safeLine = new SafeLine();
    private final FlowAudit audit;
    private long tokenSeq = -1;
    private long lastAru = -1;
    private long passedSeq;

    /**
     * @param rotationMaxNanos rotations should not take longer; sets the pace of the visits
     */
    public RingOrder(RingId ring, Origin self, FlowLimits limits, long rotationMaxNanos) {
        this.ring = ring;
        this.self = self;
        this.limits = limits;
        store = new MessageStore(limits.storeFrames());
        flow = new FlowControl(limits);
        pace = new VisitPace(limits.maxMessages(), rotationMaxNanos);
        audit = new FlowAudit(limits, AUDITED_ROTATIONS * rotationMaxNanos);
        requests = new RetransmitRequests(limits.missCountConst());
    }

    public RingId ring() {
        return ring;
    }

    public Origin self() {
        return self;
    }

    public MessageStore store() {
        return store;
    }

    public SafeLine safeLine() {
        return safeLine;
    }

    /** Whether all members have delivered the SAFE messages received here, as far as order is concerned. */
    public boolean isSafeDelivered() {
        return safeLine.isEverybodys(store.highSafe());
    }

    /** Whether a token was accepted before, or is older than one that was ({@code PROTOCOL.md} 2.3). */
    public boolean isDuplicate(RegularToken token) {
        return token.tokenSeq() <= tokenSeq;
    }

    /** The number of the token accepted last, -1 before the first. */
    public long tokenSeq() {
        return tokenSeq;
    }

    /** The highest number assigned when the token left this processor, 0 before the first. */
    public long passedSeq() {
        return passedSeq;
    }

    void passed(RegularToken token) {
        passedSeq = token.seq();
    }

    /** The token with what its members can have put into its sums; once a visit. */
    public RegularToken audited(RegularToken token, int members, long nowNanos) {
        return audit.visited(token, this, members, nowNanos);
    }

    /** The aru of the token accepted last, as received. */
    public long lastAru() {
        return lastAru;
    }

    /** What is in the token's fcc on account of this processor. */
    public int sentLastRotation() {
        return flow.sentAccount();
    }

    /** What is in the token's backlog on account of this processor. */
    public int backlogReported() {
        return flow.backlogAccount();
    }

    FlowLimits limits() {
        return limits;
    }

    public FlowControl flow() {
        return flow;
    }

    /** The token has come around in this time. */
    public void rotated(long nanos) {
        pace.rotated(nanos);
    }

    VisitPace pace() {
        return pace;
    }

    RetransmitRequests requests() {
        return requests;
    }

    /**
     * Accepts a token.
     *
     * @return what every member held at the last two visits, by the token's aru ({@code PROTOCOL.md} 4.10)
     */
    long accept(RegularToken token) {
        tokenSeq = token.tokenSeq();
        long stable = Math.min(lastAru, token.aru());
        lastAru = token.aru();
        return stable;
    }
}

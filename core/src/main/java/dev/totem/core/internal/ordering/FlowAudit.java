/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.settings.FlowLimits;

/**
 * Takes out of the token's sums what no member has put there. Node loop only; one a ring.
 *
 * <p>Ours: each member replaces its own part of {@code fcc} and {@code backlog} only ({@code PROTOCOL.md} 4.6), so that a part
 * of nobody would stay as long as the ring, and could close its window. The numbers assigned since the visit before tell how
 * much was sent for the first time. What {@code fcc} holds above that at every visit for a token timeout is nobody's, as what
 * is sent again differs from rotation to rotation. Only a member that holds the ring back has as steady a part. It takes more
 * than the window, at every visit anew; so an fcc above the window is lowered to it first, which opens nothing, and what is
 * still there a rotation later is nobody's. An fcc that stops also those that hold back is lowered by two such steps, the first
 * to what still stops them. The representative alone does so: two would open what the other only tries.
 */
final class FlowAudit {

    private static final int VISITS_MIN = 8;

    /** Stops those that hold back, whatever of it is their own, and is less than who can bear nothing more puts there. */
    private static final int STILL_STOPS = FlowControl.STOPS + 2 * FlowLimits.WINDOW_SIZE_MAX;

    private final FlowLimits limits;
    private final long periodNanos;
    private long arrivedSeq = -1;
    private int excess = Integer.MAX_VALUE;
    private int visits;
    private int probed;
    private long sinceNanos;

    FlowAudit(FlowLimits limits, long periodNanos) {
        this.limits = limits;
        this.periodNanos = periodNanos;
    }

    /** A token was accepted: the same with sums that can be right. */
    RegularToken visited(RegularToken token, RingOrder order, int members, long nowNanos) {
        boolean isFirst = arrivedSeq < 0;
        long sent = token.seq() - arrivedSeq;
        long sentByOthers = token.seq() - order.passedSeq();
        arrivedSeq = token.seq();
        if (isFirst) {
            begin(nowNanos);
            return token;
        }
        long reported = (long) members * limits.windowSize();
        // Whoever has something to send sends at least one: where the others are silent, nothing waits at them.
        int backlog = sentByOthers == 0
                ? Math.min(token.backlog(), order.flow().backlogReported())
                : (int) Math.min(token.backlog(), reported);
        boolean represents = order.ring().representative().equals(order.self().node());
        int fcc = represents ? token.fcc() - unaccounted(token.fcc(), token.fcc() - sent, nowNanos) : token.fcc();
        order.flow().corrected(fcc - token.fcc(), backlog - token.backlog());
        return token.withSums(fcc, backlog);
    }

    /** What is to be taken out of fcc. */
    private int unaccounted(int fcc, long above, long nowNanos) {
        boolean wasProbed = probed > 0;
        boolean isSomebodys = wasProbed && fcc > probed;
        probed = 0;
        if (isSomebodys) {
            begin(nowNanos);
            return 0;
        }
        excess = (int) Math.min(excess, Math.max(0, above));
        visits++;
        if (!wasProbed && excess > 0 && (visits < VISITS_MIN || nowNanos - sinceNanos < periodNanos)) {
            return 0;
        }
        int lowered = fcc > STILL_STOPS ? STILL_STOPS : limits.windowSize();
        if (fcc > lowered && excess > 0) {
            probed = lowered;
            return Math.min(excess, fcc - lowered);
        }
        int nobodys = excess;
        begin(nowNanos);
        return nobodys;
    }

    private void begin(long nowNanos) {
        excess = Integer.MAX_VALUE;
        visits = 0;
        sinceNanos = nowNanos;
    }
}

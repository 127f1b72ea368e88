/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.internal.settings.FlowLimits;

/**
 * How much this processor may send at a token visit ({@code PROTOCOL.md} 4.6). Node loop only; one per ring.
 *
 * <p>Deviations: the share of the window follows the current backlog as in the paper (corosync: the previous one), and is
 * at least one frame. Retransmissions are bounded by the visit limit alone, because a loss must be repairable when the
 * window is closed; they use up the room for new messages first. A processor whose subscribers cannot follow takes the
 * whole window into the count and leaves it unused, which stops all members within a rotation. It may go on to send a little
 * itself, as may all that hold back, unless the count says that somebody can bear nothing more ({@link Restraint}).
 */
public final class FlowControl {

    private static final int LITTLE_OF_WINDOW = 32;

    /** This part of the window, at least one frame, is what a processor that holds back may send at a visit. */
    private static final int RESERVE_OF_WINDOW = 64;

    /**
     * From here on the count says that a processor can bear nothing more: above what all others together have in it otherwise.
     * (Where windows are so large that this does not hold, those that hold back may send nothing.)
     */
    static final int STOPS = 1 << 21;

    /** In the count of a processor that can bear nothing more. As many times as a ring has members, it does not overflow. */
    static final int STOPPED = 2 * STOPS;

    /** More than one member can have put into a sum of the token. */
    public static final int SUM_OF_MEMBER_MAX = STOPPED + 3 * FlowLimits.WINDOW_SIZE_MAX;

    private final FlowLimits limits;
    private int sentLastRotation;
    private int backlogReported;
    private int sentCorrected;
    private int backlogCorrected;

    public FlowControl(FlowLimits limits) {
        this.limits = limits;
    }

    /** Messages that may be sent again at this visit. */
    public int retransmissionsAllowed() {
        return limits.maxMessages();
    }

    /**
     * New messages that may be originated at this visit.
     *
     * @param fcc the token's flow control count
     * @param ringBacklog the token's backlog
     * @param backlog messages that wait here
     * @param retransmitted messages sent again at this visit
     * @param room numbers the store has left above the token's seq, after the window of the others
     */
    public int originationsAllowed(
            int fcc, int ringBacklog, int backlog, int retransmitted, long room, Restraint restraint) {
        long allowed = switch (restraint) {
            case NONE -> ofWindow(fcc, ringBacklog, backlog);
            case HELD_BACK -> fcc - sentLastRotation < STOPS ? reserve() : 0;
            case STOPPED -> 0;
        };
        allowed = Math.min(allowed - retransmitted, room);
        return (int) Math.max(0, allowed);
    }

    private long ofWindow(int fcc, int ringBacklog, int backlog) {
        long allowed = Math.min(limits.maxMessages(), (long) limits.windowSize() - fcc);
        int wanted = wanted(backlog);
        long total = (long) ringBacklog + wanted - backlogReported;
        if (total > 0) {
            long share = Math.max(1, (long) limits.windowSize() * wanted / total);
            allowed = Math.min(allowed, share);
        }
        return allowed;
    }

    private int reserve() {
        return Math.max(1, limits.windowSize() / RESERVE_OF_WINDOW);
    }

    /** What counts of a backlog: nobody can send more than the window in a rotation, and a sum of such numbers has a bound. */
    private int wanted(int backlog) {
        return Math.min(backlog, limits.windowSize());
    }

    /** The token's new fcc: this processor's last contribution replaced by that of this visit; never less than the latter. */
    public int countSent(int fcc, int sent, Restraint restraint) {
        int contribution = sent + withheld(restraint);
        int sum = fcc + contribution - sentLastRotation;
        int updated = Math.max(contribution, sum);
        sentCorrected += updated - sum;
        sentLastRotation = contribution;
        return updated;
    }

    private int withheld(Restraint restraint) {
        return switch (restraint) {
            case NONE -> 0;
            case HELD_BACK -> limits.windowSize() + 1;
            case STOPPED -> STOPPED;
        };
    }

    /**
     * Whether a rotation that sent so much had little traffic: then nobody waits for the token, nothing follows it, as a message
     * that comes after it is missed at every visit, and it may pause.
     */
    public boolean isLittle(int fcc) {
        return fcc <= limits.windowSize() / LITTLE_OF_WINDOW;
    }

    /** Whether the sum over any two rotations of {@link #isLittle} traffic may be so much. */
    public boolean isLittleTwice(int fcc) {
        return fcc <= 2 * (limits.windowSize() / LITTLE_OF_WINDOW);
    }

    /** The token's new backlog: this processor's last report replaced by the present one. */
    public int reportBacklog(int ringBacklog, int backlog) {
        int reported = wanted(backlog);
        int sum = ringBacklog + reported - backlogReported;
        int updated = Math.max(0, sum);
        backlogCorrected += updated - sum;
        backlogReported = reported;
        return updated;
    }

    /** The sums of a token were wrong and have been changed by this much. */
    void corrected(int fcc, int ringBacklog) {
        sentCorrected += fcc;
        backlogCorrected += ringBacklog;
    }

    int backlogReported() {
        return backlogReported;
    }

    /** What is in the token's fcc on account of this processor, corrections included. */
    int sentAccount() {
        return sentLastRotation + sentCorrected;
    }

    /** What is in the token's backlog on account of this processor, corrections included. */
    int backlogAccount() {
        return backlogReported + backlogCorrected;
    }
}

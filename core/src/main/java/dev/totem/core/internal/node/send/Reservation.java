/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The room that one publisher has in the admission for messages which it was asked for and has not made yet.
 *
 * <p>It is taken by an estimate, the largest of the last messages, before they are asked for, and settled to the true size as
 * each arrives. Of a publisher that has made none yet the largest message is expected, and one is asked for.
 */
final class Reservation {

    /** A turn of small messages is for as many as make this. */
    private static final int TURN_BYTES = 64 << 10;

    /** One message in so many is what the estimate takes to follow smaller ones half way, roughly. */
    private static final int FOLLOWED = 16;

    private final Admission admission;

    /** For messages that were asked for. */
    private final AtomicLong bytes = new AtomicLong();

    /** For those that are about to be. */
    private final AtomicLong taken = new AtomicLong();

    /** Of upstream's thread. */
    private volatile long estimateBytes;

    private volatile boolean isKnown;

    /** Since the last {@link #lapse}. */
    private volatile boolean hasStirred;

    /** @param messageBytesMax the largest message, with what it costs beside */
    Reservation(Admission admission, long messageBytesMax) {
        this.admission = admission;
        this.estimateBytes = messageBytesMax;
    }

    /** Any thread: takes room for up to so many messages, to be {@link #asked}; says for how many. */
    long take(long messages) {
        long each = estimateBytes;
        long granted = admission.takeUpTo(isKnown ? messages : Math.min(1, messages), each);
        if (granted > 0) {
            hasStirred = true;
            taken.addAndGet(granted * each);
        }
        return granted;
    }

    /** Any thread: how many messages to wait for a turn with, of those that are wanted. */
    long inTurn(long messages) {
        return isKnown ? Math.max(1, Math.min(messages, TURN_BYTES / estimateBytes)) : 1;
    }

    /** What a turn with so many messages needs. */
    long neededBytes(long messages) {
        return messages * estimateBytes;
    }

    /** Loop: takes the room of a turn, to be {@link #asked}. */
    void takeTurn(long neededBytes) {
        hasStirred = true;
        admission.take(neededBytes);
        taken.addAndGet(neededBytes);
    }

    /** Any thread: the messages for which there is room are among those outstanding. */
    void asked() {
        bytes.addAndGet(taken.getAndSet(0));
    }

    /** Upstream's thread: one of so many messages that were asked for has arrived; it counts by itself from now on. */
    void arrived(long outstanding, long costBytes) {
        long before = bytes.get();
        long back = part(before, outstanding);
        while (!bytes.compareAndSet(before, before - back)) {
            before = bytes.get();
            back = part(before, outstanding);
        }
        admission.take(costBytes - back);
        long estimate = estimateBytes;
        estimateBytes = isKnown && costBytes < estimate ? estimate - (estimate - costBytes) / FOLLOWED : costBytes;
        isKnown = true;
        hasStirred = true;
    }

    /** Any thread: gives back what is left; says whether there was something. */
    boolean giveBack() {
        long left = bytes.getAndSet(0) + taken.getAndSet(0);
        admission.take(-left);
        return left > 0;
    }

    /** Loop: gives back what was taken if nothing has stirred since the last time, as nobody knows when it will. */
    void lapse() {
        if (!hasStirred) {
            giveBack();
        }
        hasStirred = false;
    }

    private static long part(long bytes, long outstanding) {
        return outstanding <= 1 ? bytes : bytes / outstanding;
    }
}

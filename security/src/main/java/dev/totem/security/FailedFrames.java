/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

/**
 * Frames of one life that did not open though their headers are real: somebody sends headers that he has recorded with
 * something else behind them. Node loop only.
 *
 * <p>The frame to which such a header belongs may still come, so each counter may fail {@value #TRIES_MAX} times. Counters that
 * are not remembered any more share an allowance. What is above all that failed is always looked at: nobody but the sender
 * knows the headers that are still to come.
 */
final class FailedFrames {

    static final int TRIES_MAX = 8;

    private static final int REMEMBERED = 32;
    private static final int OTHERS_MAX = 16;

    private final long[] counters = new long[REMEMBERED];
    private final byte[] tries = new byte[REMEMBERED];
    private final Allowance others = new Allowance(OTHERS_MAX);
    private long highest = -1;

    /** Whether a frame with this counter is worth the cipher. */
    boolean mayTry(long counter, long nowNanos) {
        if (counter > highest) {
            return true;
        }
        int place = place(counter);
        return (counters[place] == counter && tries[place] > 0) ? tries[place] < TRIES_MAX : others.take(nowNanos);
    }

    void failed(long counter) {
        int place = place(counter);
        if (counters[place] != counter) {
            counters[place] = counter;
            tries[place] = 0;
        }
        tries[place]++;
        highest = Math.max(highest, counter);
    }

    private static int place(long counter) {
        return (int) counter & REMEMBERED - 1;
    }
}

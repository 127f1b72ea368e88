/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

/**
 * How often a ring answers a quarantined processor with an announcement of its own, so that both sides learn when they
 * hear each other again. Node loop only; one per ring.
 *
 * <p>A join is answered whenever a join period has passed, because its sender waits; anything else at times that double, up
 * to {@value #TOKENS_MAX} token timeouts, because a link that works one way may do so for months.
 */
public final class AnswerPace {

    private static final int TOKENS_MAX = 32;

    private final long leastNanos;
    private final long mostNanos;
    private long nanos;
    private long answeredNanos;
    private boolean answered;

    public AnswerPace(long joinNanos, long tokenNanos) {
        leastNanos = joinNanos;
        mostNanos = TOKENS_MAX * tokenNanos;
        nanos = leastNanos;
    }

    /** Something has changed: answers are worth more again. */
    public void hasten() {
        nanos = leastNanos;
    }

    /** Whether a join is to be answered now. */
    public boolean answersJoin(long nowNanos) {
        return answers(leastNanos, nowNanos);
    }

    /** Whether any other sign of life is to be answered now. */
    public boolean answers(long nowNanos) {
        boolean now = answers(nanos, nowNanos);
        if (now) {
            nanos = Math.min(2 * nanos, mostNanos);
        }
        return now;
    }

    private boolean answers(long periodNanos, long nowNanos) {
        if (answered && nowNanos - answeredNanos < periodNanos) {
            return false;
        }
        answered = true;
        answeredNanos = nowNanos;
        return true;
    }
}

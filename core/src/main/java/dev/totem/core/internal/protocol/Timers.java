/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import java.util.Arrays;
import java.util.Optional;

/** A deadline for each kind of timer; no timer objects, no allocation. Node loop only. */
@SuppressWarnings("EnumOrdinal") // an index into an array that lives no longer than the enum
final class Timers {

    private static final long IDLE = Long.MAX_VALUE;
    private static final TimerKind[] KINDS = TimerKind.values();

    private final long[] deadlines = new long[KINDS.length];

    Timers() {
        cancelAll();
    }

    void arm(TimerKind kind, long deadlineNanos) {
        deadlines[kind.ordinal()] = deadlineNanos;
    }

    void cancel(TimerKind kind) {
        deadlines[kind.ordinal()] = IDLE;
    }

    void cancelAll() {
        Arrays.fill(deadlines, IDLE);
    }

    boolean isArmed(TimerKind kind) {
        return deadlines[kind.ordinal()] != IDLE;
    }

    /** Whether the timer is armed and due at that time or before. */
    boolean isDueBy(TimerKind kind, long nanos) {
        return deadlines[kind.ordinal()] <= nanos && isArmed(kind);
    }

    long nextDeadlineNanos() {
        long next = IDLE;
        for (long deadline : deadlines) {
            next = Math.min(next, deadline);
        }
        return next;
    }

    /** Disarms and returns the first kind that is due. */
    Optional<TimerKind> pollDue(long nowNanos) {
        for (TimerKind kind : KINDS) {
            if (deadlines[kind.ordinal()] <= nowNanos) {
                cancel(kind);
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** Puts off what would be due before the given time. */
    void postpone(long untilNanos) {
        for (int i = 0; i < deadlines.length; i++) {
            deadlines[i] = Math.max(deadlines[i], untilNanos);
        }
    }
}

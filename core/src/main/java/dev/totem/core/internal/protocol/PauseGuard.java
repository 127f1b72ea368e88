/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

/**
 * Notices that this process was paused ({@code PROTOCOL.md} 5.3): a probe is due every fifth of the token timeout, and a
 * step more than half a token timeout after the one before means that nothing ran in between.
 *
 * <p>Node loop only. What waits in the sockets after a pause is read during a short grace, in which timers do not expire and
 * stale announcements are dropped.
 */
final class PauseGuard {

    private final long pauseNanos;
    private final long probeNanos;
    private final long graceNanos;
    private long lastStepNanos = Long.MIN_VALUE;
    private long stepBeforeNanos = Long.MIN_VALUE;
    private long graceUntilNanos = Long.MIN_VALUE;

    PauseGuard(long tokenNanos) {
        pauseNanos = tokenNanos / 2;
        probeNanos = tokenNanos / 5;
        graceNanos = tokenNanos / 20;
    }

    /** A step begins; whether a pause has just ended. */
    boolean stepped(long nowNanos) {
        boolean paused = lastStepNanos != Long.MIN_VALUE && nowNanos - lastStepNanos > pauseNanos;
        stepBeforeNanos = lastStepNanos;
        lastStepNanos = nowNanos;
        if (paused) {
            graceUntilNanos = nowNanos + graceNanos;
        }
        return paused;
    }

    /** The time between the last two steps; 0 at the first. */
    long sleptNanos() {
        return stepBeforeNanos == Long.MIN_VALUE ? 0 : lastStepNanos - stepBeforeNanos;
    }

    /** Whether nothing ran for so long before the last step that probes were left out. */
    boolean hasMissedProbes() {
        return sleptNanos() > 2 * probeNanos;
    }

    /** Whether a moment had passed at the step before. */
    boolean wasOver(long nanos) {
        return stepBeforeNanos - nanos >= 0;
    }

    boolean inGrace(long nowNanos) {
        return nowNanos < graceUntilNanos;
    }

    long graceUntilNanos() {
        return graceUntilNanos;
    }

    /** When a step is wanted at the latest. */
    long probeDeadlineNanos() {
        return lastStepNanos + probeNanos;
    }
}

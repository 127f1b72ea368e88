/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.loop;

import java.util.concurrent.TimeUnit;

/**
 * Notices that the process was stopped and set going again, perhaps from a copy of its memory: the calendar has gone on, the
 * clock of the process has not. Node loop only.
 *
 * <p>A pause in which both clocks run is none. A copy that is set going with the calendar of the moment at which it was made
 * looks like nothing at all.
 */
final class RestoreWatch {

    private static final long JUMP_MILLIS = 1_000;

    private boolean isBegun;
    private long lastOffsetMillis;

    /** Whether the calendar has gone ahead of the clock since the last call. */
    boolean hasJumped(long nowNanos, long epochMillis) {
        long offsetMillis = epochMillis - TimeUnit.NANOSECONDS.toMillis(nowNanos);
        boolean hasJumped = isBegun && offsetMillis - lastOffsetMillis > JUMP_MILLIS;
        isBegun = true;
        lastOffsetMillis = offsetMillis;
        return hasJumped;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

/** Lets one line of a kind through in ten seconds, then counts. Node loop only. */
final class Quiet {

    private static final long QUIET_NANOS = 10_000_000_000L;

    private long count;
    private long quietUntil = Long.MIN_VALUE;

    /** The events since the last line, or 0 if it is not yet time for one. */
    long due(long now) {
        count++;
        if (now < quietUntil) {
            return 0;
        }
        long since = count;
        count = 0;
        quietUntil = now + QUIET_NANOS;
        return since;
    }
}

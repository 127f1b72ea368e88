/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import java.time.Duration;

/** Lets one line of a kind through in a period, then counts. Node loop only. */
public final class Quiet {

    /** For what is over soon, or happens often. */
    public static final Duration PERIOD = Duration.ofSeconds(10);

    private final long periodNanos;
    private long count;
    private boolean hasSpoken;
    private long spokenNanos;

    public Quiet(Duration period) {
        periodNanos = period.toNanos();
    }

    Quiet() {
        this(PERIOD);
    }

    /** How often it has happened since the last line, this time included; 0 if it is not yet time for one. */
    public long due(long nowNanos) {
        count++;
        if (hasSpoken && nowNanos - spokenNanos < periodNanos) {
            return 0;
        }
        long since = count;
        count = 0;
        hasSpoken = true;
        spokenNanos = nowNanos;
        return since;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.rekey;

/** Lets something happen once in a time. Node loop only. */
final class Pace {

    private final long leastNanos;
    private boolean hasHappened;
    private long lastNanos;

    Pace(long leastNanos) {
        this.leastNanos = leastNanos;
    }

    /** Whether it may happen now; then it has. */
    boolean take(long nowNanos) {
        if (hasHappened && nowNanos - lastNanos < leastNanos) {
            return false;
        }
        hasHappened = true;
        lastNanos = nowNanos;
        return true;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The last things that happened in a run, for a person. One thread. */
final class RunTrace {

    private final int linesMax;
    private final LongSupplier nowNanos;
    private final ArrayDeque<Line> lines = new ArrayDeque<>();

    RunTrace(int linesMax, LongSupplier nowNanos) {
        this.linesMax = linesMax;
        this.nowNanos = nowNanos;
    }

    /** @param what kept until somebody reads it; must not change */
    void happened(String where, Object what) {
        if (lines.size() == linesMax) {
            lines.remove();
        }
        lines.add(new Line(nowNanos.getAsLong(), where, what));
    }

    List<String> lines() {
        return lines.stream().map(Line::toString).toList();
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%12.6f s", nanos / 1e9);
    }

    private record Line(long atNanos, String where, Object what) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s  %-7s %s", seconds(atNanos), where, what);
        }
    }
}

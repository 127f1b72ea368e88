/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.sim;

import java.util.EnumMap;
import java.util.Map;

/** Counts what a schedule can wait for, over the whole cluster. One thread. */
final class Progress {

    private final Map<Milestone, Long> times = new EnumMap<>(Milestone.class);

    void reached(Milestone milestone) {
        times.merge(milestone, 1L, Long::sum);
    }

    long of(Milestone milestone) {
        return times.getOrDefault(milestone, 0L);
    }
}

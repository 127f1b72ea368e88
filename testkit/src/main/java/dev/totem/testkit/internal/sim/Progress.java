/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a schedule can wait for, over the whole cluster. One thread. */
final class Progress {

    private final Map<Milestone, AtomicLong> times = new EnumMap<>(Milestone.class);

    Progress() {
        for (Milestone milestone : Milestone.values()) {
            times.put(milestone, new AtomicLong());
        }
    }

    void reached(Milestone milestone) {
        counter(milestone).incrementAndGet();
    }

    long of(Milestone milestone) {
        return counter(milestone).get();
    }

    private AtomicLong counter(Milestone milestone) {
        return Objects.requireNonNull(times.get(milestone));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.Statistic;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The counters of one link. Written on the node's loop only, read on any thread. */
final class LinkCounters {

    private final Map<LinkCounter, AtomicLong> counts;

    LinkCounters() {
        Map<LinkCounter, AtomicLong> zeros = new EnumMap<>(LinkCounter.class);
        for (LinkCounter counter : LinkCounter.values()) {
            zeros.put(counter, new AtomicLong());
        }
        counts = Collections.unmodifiableMap(zeros);
    }

    void increment(LinkCounter counter) {
        add(counter, 1);
    }

    void add(LinkCounter counter, long amount) {
        AtomicLong count = cell(counter);
        count.lazySet(count.getPlain() + amount);
    }

    long get(LinkCounter counter) {
        return cell(counter).get();
    }

    Map<Statistic, Long> snapshot() {
        Map<Statistic, Long> snapshot = new HashMap<>();
        counts.forEach((counter, count) -> snapshot.put(counter.statistic(), count.get()));
        return snapshot;
    }

    private AtomicLong cell(LinkCounter counter) {
        AtomicLong count = counts.get(counter);
        if (count == null) {
            throw new IllegalStateException("every counter has a cell: " + counter);
        }
        return count;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** The counters of one link. Written on the node's loop only, read on any thread. */
final class LinkCounters {

    private static final LinkCounter[] ALL = LinkCounter.values();

    private final AtomicLongArray counts = new AtomicLongArray(ALL.length);

    void increment(LinkCounter counter) {
        add(counter, 1);
    }

    void add(LinkCounter counter, long amount) {
        int at = counter.ordinal();
        counts.lazySet(at, counts.getPlain(at) + amount);
    }

    long get(LinkCounter counter) {
        return counts.get(counter.ordinal());
    }

    SortedMap<String, Long> snapshot() {
        SortedMap<String, Long> snapshot = new TreeMap<>();
        for (LinkCounter counter : ALL) {
            snapshot.put(counter.counterName(), get(counter));
        }
        return snapshot;
    }
}

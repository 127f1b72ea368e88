/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import dev.totem.core.TotemNode;
import java.util.Map;

/** The statistics of a node, asked for once for all meters that are read together. Any thread. */
final class Snapshot {

    private static final long FRESH_NANOS = 5_000_000;

    private final TotemNode node;
    private Map<String, Long> values;
    private long takenNanos;

    Snapshot(TotemNode node) {
        this.node = node;
        values = node.stats();
        takenNanos = System.nanoTime();
    }

    synchronized double value(String statistic) {
        long now = System.nanoTime();
        if (now - takenNanos > FRESH_NANOS) {
            values = node.stats();
            takenNanos = now;
        }
        Long value = values.get(statistic);
        return value == null ? Double.NaN : value;
    }
}

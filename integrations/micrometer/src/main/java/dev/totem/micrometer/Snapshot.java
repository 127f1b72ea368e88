/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import dev.totem.core.NodeStats;
import dev.totem.core.Statistic;
import dev.totem.core.TotemNode;

/** The statistics of a node, asked for once for all meters that are read together. Any thread. */
final class Snapshot {

    private static final long FRESH_NANOS = 5_000_000;

    private final TotemNode node;
    private NodeStats values;
    private long takenNanos;

    Snapshot(TotemNode node) {
        this.node = node;
        values = node.stats();
        takenNanos = System.nanoTime();
    }

    synchronized double value(Statistic statistic) {
        long now = System.nanoTime();
        if (now - takenNanos > FRESH_NANOS) {
            values = node.stats();
            takenNanos = now;
        }
        return values.has(statistic) ? values.get(statistic) : Double.NaN;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * Where a message stands in the one order: the ring that ordered it, the sequence number of the frame that completed
 * it, and its place in that frame, from 0.
 *
 * <p>Any thread. The position of a message is the same at every node that delivers it, and positions grow along the
 * deliveries of one node, also across rings, so among processes that share a configuration it serves as a fencing token.
 * Of parts of a partitioned network neither knew of the other's positions: a later one there does not fence.
 */
public record Position(RingId ring, long seq, int index) implements Comparable<Position> {

    private static final Comparator<Position> ORDER = Comparator.comparing(Position::ring)
            .thenComparingLong(Position::seq)
            .thenComparingInt(Position::index);

    public Position {
        requireNonNull(ring, "ring");
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return ring + "/" + seq + "/" + index;
    }
}

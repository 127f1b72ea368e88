/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * The identity of one ring: its representative and a ring sequence number that grows by 4 with each new ring.
 *
 * <p>Any thread. Two ids are equal only if both parts are ({@code PROTOCOL.md} 1); the order is by sequence number
 * first, which is the order in which one process installs rings.
 */
public record RingId(NodeId representative, long seq) implements Comparable<RingId> {

    /** The distance between the sequence numbers of successive rings; it leaves room for transitional ids. */
    public static final long STEP = 4;

    private static final Comparator<RingId> ORDER =
            Comparator.comparingLong(RingId::seq).thenComparing(RingId::representative);

    public RingId {
        requireNonNull(representative, "representative");
    }

    @Override
    public int compareTo(RingId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return representative + "." + seq;
    }
}

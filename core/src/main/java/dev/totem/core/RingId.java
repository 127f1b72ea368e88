/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The identity of one ring: its representative and a ring sequence number that grows by 4 with each new ring.
 *
 * <p>Any thread. Two ids are equal only if both parts are ({@code PROTOCOL.md} 1); the order is by sequence number
 * first, which is the order in which one process installs rings.
 */
public record RingId(NodeId representative, long seq) implements Comparable<RingId> {

    /** The distance between the sequence numbers of successive rings; it leaves room for transitional ids. */
    public static final long STEP = 4;

    public RingId {
        requireNonNull(representative, "representative");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RingId id && id.seq == seq && id.representative.equals(representative);
    }

    @Override
    public int hashCode() {
        return 31 * representative.hashCode() + Long.hashCode(seq);
    }

    @Override
    public int compareTo(RingId other) {
        int bySeq = Long.compare(seq, other.seq);
        return bySeq != 0 ? bySeq : representative.compareTo(other.representative);
    }

    @Override
    public String toString() {
        return representative + "." + seq;
    }
}

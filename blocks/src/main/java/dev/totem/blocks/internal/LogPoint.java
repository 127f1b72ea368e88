/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A place in a log and what comes before it. Equal points, equal logs up to them. Immutable.
 *
 * @param index how many entries come before it, with it
 * @param hash of them all
 * @param position of the last one; empty before the first
 */
record LogPoint(long index, long hash, Optional<Position> position) {

    /** Of who has no log. */
    static final LogPoint NOTHING = new LogPoint(0, 0, Optional.empty());

    /** Where a log begins that is created in a configuration. */
    static LogPoint beginning(RingId ring) {
        return new LogPoint(0, mix(mix(1, ring.seq()), ring.representative().value()), Optional.empty());
    }

    /** Behind one entry more. */
    LogPoint next(Position at, NodeId sender, byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload);
        long next = mix(hash, at.ring().seq());
        next = mix(next, at.ring().representative().value());
        next = mix(next, at.seq());
        next = mix(next, at.index());
        next = mix(next, sender.value());
        next = mix(next, crc.getValue() << 32 | payload.length);
        return new LogPoint(index + 1, next, Optional.of(at));
    }

    /** SplitMix64's finalizer. */
    static long mix(long hash, long value) {
        long z = (hash ^ value) + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    boolean isSame(LogPoint other) {
        return index == other.index && hash == other.hash;
    }
}

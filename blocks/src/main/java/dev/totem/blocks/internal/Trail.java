/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The rolling hash over all entries and their results, and what it was behind each of the last ones. One thread. */
final class Trail {

    /** So many entries are kept. */
    static final int KEPT_MAX = 1024;

    private final long[] hashes = new long[KEPT_MAX];
    private final @Nullable Position[] positions = new Position[KEPT_MAX];
    private final long firstIndex;
    private long lastIndex;

    /**
     * @param index how many entries there are already
     * @param hash of them
     */
    Trail(long index, long hash) {
        firstIndex = index;
        lastIndex = index;
        hashes[slot(index)] = hash;
    }

    private static int slot(long index) {
        return (int) (index % KEPT_MAX);
    }

    /** Another entry, and what its result shows; nothing for one that has none. */
    void add(LogPoint at, byte[] evidence) {
        CRC32C crc = new CRC32C();
        crc.update(evidence);
        long next = LogPoint.mix(hash(), at.hash());
        lastIndex = at.index();
        hashes[slot(lastIndex)] = LogPoint.mix(next, crc.getValue() << 32 | evidence.length);
        positions[slot(lastIndex)] = at.position().orElse(null);
    }

    /** Behind the last entry. */
    long hash() {
        return hashes[slot(lastIndex)];
    }

    private long oldestIndex() {
        return Math.max(firstIndex, lastIndex - KEPT_MAX + 1);
    }

    /** What this replica says of an entry that is kept, and those before it as far as an index. */
    Frame.Check check(RingId ring, Member member, long index, long fromIndex) {
        long from = Math.min(index, Math.max(fromIndex, oldestIndex()));
        int[] before = new int[(int) (index - from)];
        for (int i = 0; i < before.length; i++) {
            before[i] = (int) hashes[slot(from + i)];
        }
        return new Frame.Check(ring, member, index, hashes[slot(index)], before);
    }

    boolean isKept(long index) {
        return index >= oldestIndex() && index <= lastIndex;
    }

    Optional<Position> position(long index) {
        return isKept(index) ? Optional.ofNullable(positions[slot(index)]) : Optional.empty();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import java.nio.ByteBuffer;

/**
 * Tells the copies that come of one frame by several networks. Node loop only.
 *
 * <p>Frames are known by a hash of all their bytes under a secret number, so a stranger cannot make one that passes for another
 * and takes its place. Those that are forgotten are told by the seal. A frame that comes again by the same network is no copy
 * that a member has sent.
 */
final class SeenFrames {

    /** Some windows of frames; a power of two. */
    private static final int PLACES = 1 << 14;

    /** The networks, of which there are at most four, are kept in the lowest bits. */
    private static final long NETWORK_BITS = 3;

    private final long[] places = new long[PLACES];
    private final long secret;

    /** @param secret of this life, drawn by chance */
    SeenFrames(long secret) {
        this.secret = secret | 1;
    }

    /** Whether these bytes came by another network before; if not, they have come by this one now. */
    boolean isCopy(ByteBuffer bytes, int at, int length, int network) {
        long hash = hash(bytes, at, length);
        int place = (int) (hash >>> 40) & (PLACES - 1);
        long name = hash & ~NETWORK_BITS;
        long known = places[place];
        if ((known & ~NETWORK_BITS) == name) {
            return (known & NETWORK_BITS) != network;
        }
        places[place] = name | network;
        return false;
    }

    private long hash(ByteBuffer bytes, int at, int length) {
        long hash = secret ^ length;
        int end = at + length;
        int index = at;
        for (; index + Long.BYTES <= end; index += Long.BYTES) {
            hash = mixed(hash ^ bytes.getLong(index));
        }
        for (; index < end; index++) {
            hash = mixed(hash ^ bytes.get(index));
        }
        return mixed(hash);
    }

    private long mixed(long value) {
        long product = value * secret;
        return product ^ (product >>> 32);
    }
}

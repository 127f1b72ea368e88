/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import java.util.List;
import java.util.stream.Stream;

/**
 * Between what a path carries for sure and what the interface at this end carries. Frames, bytes. Immutable, any thread.
 *
 * @param least passes on any path, as far as nobody has said otherwise
 * @param start what is sent to a member before it has confirmed more: a frame of ordinary Ethernet, if the interface carries it
 * @param most what the interface carries, or less if the operator says so
 * @param common what paths of several kinds carry, the largest first; worth trying before others
 */
public record PathSizes(int least, int start, int most, List<Integer> common) {

    /** As other protocols that find the size of their packets have it: 1,280 bytes are the least that IPv6 allows a path. */
    public static final int LEAST = 1_200;

    /** Ethernet; jumbo frames; and what tunnels and clouds leave of them, largest first. */
    private static final List<Integer> PACKETS = List.of(9_000, 8_896, 1_500, 1_492, 1_460, 1_420, 1_400);

    private static final int ETHERNET = 1_500;

    public PathSizes {
        if (least <= 0 || least > start || start > most) {
            throw new IllegalArgumentException(
                    "sizes grow from least to most, not " + least + ", " + start + ", " + most);
        }
        common = List.copyOf(common);
    }

    /**
     * Those of an interface.
     *
     * @param most the largest frame
     * @param headerBytes what a packet is longer than its frame
     */
    public static PathSizes of(int most, int headerBytes) {
        int least = Math.min(LEAST, most);
        int start = Math.max(least, Math.min(ETHERNET - headerBytes, most));
        Stream<Integer> common = PACKETS.stream().map(packet -> packet - headerBytes);
        return new PathSizes(
                least, start, most, common.filter(frame -> frame < most).toList());
    }

    /** Of a way that takes all frames, or tells when it does not. */
    public static PathSizes fixed(int bytes) {
        return new PathSizes(bytes, bytes, bytes, List.of());
    }

    /** Whether there is anything to find out. */
    boolean isOpen() {
        return least < most;
    }
}

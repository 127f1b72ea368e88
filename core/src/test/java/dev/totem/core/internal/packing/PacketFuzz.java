/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import dev.totem.core.NodeId;
import dev.totem.core.internal.fuzz.FuzzRandom;
import dev.totem.core.internal.message.Origin;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Any packets, in any order, leave an unpacker that is bounded and hands over nothing larger than it may, in order.
 *
 * <p>An input is a mode, then one packet, or choices by which packets of two originators are built, some damaged.
 */
public final class PacketFuzz {

    private static final byte RAW = 0;
    private static final int MESSAGE_BYTES_MAX = 300;
    private static final int PACKETS_MAX = 6;
    private static final int PIECES_MAX = 4;

    private PacketFuzz() {}

    /** One execution; throws what it finds. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Unpacker unpacker = new Unpacker(MESSAGE_BYTES_MAX);
        if (input[0] == RAW) {
            check(unpacker, 1, Arrays.copyOfRange(input, 1, input.length));
            return;
        }
        FuzzRandom random = new FuzzRandom(input, 1);
        for (int packets = 1 + random.nextInt(PACKETS_MAX); packets > 0; packets--) {
            int origin = 1 + random.nextInt(2);
            check(unpacker, origin, random.corrupt(packet(random)));
            if (random.nextInt(16) == 0) {
                unpacker.dropUnfinished();
            }
        }
    }

    private static byte[] packet(FuzzRandom random) {
        int flags = random.nextInt(16);
        ByteBuffer packet = ByteBuffer.allocate(2_000).put((byte) flags).putLong(random.nextInt(4));
        if ((flags & PacketFormat.FIRST_CONTINUES) != 0) {
            packet.putInt(random.nextInt(MESSAGE_BYTES_MAX));
        }
        for (int pieces = 1 + random.nextInt(PIECES_MAX); pieces > 0; pieces--) {
            int length = random.nextInt(MESSAGE_BYTES_MAX + 2);
            packet.putShort((short) length).position(packet.position() + length);
        }
        packet.position(packet.position() + ((flags & PacketFormat.PADDING_MASK) >> PacketFormat.PADDING_SHIFT));
        return Arrays.copyOf(packet.array(), packet.position());
    }

    private static void check(Unpacker unpacker, int origin, byte[] bytes) {
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        int[] last = {-1};
        boolean isWellFormed = unpacker.unpack(new Origin(NodeId.of(origin), 1), packet, (index, number, message) -> {
            require(index > last[0], "an index that does not grow");
            last[0] = index;
            require(message.remaining() <= MESSAGE_BYTES_MAX, "a message larger than allowed");
            int remaining = message.remaining();
            require(message.readRemaining().length == remaining, "a message of another length than it says");
        });
        require(isWellFormed || last[0] == -1, "a message of a malformed packet");
        require(packet.position() == 0 && packet.limit() == bytes.length, "a packet that was moved");
        require(unpacker.unfinishedCount() <= 2, "more unfinished messages than originators");
    }

    private static void require(boolean holds, String found) {
        if (!holds) {
            throw new AssertionError(found);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.internal.message.Origin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What one frame carries of a message that is longer than a frame: the joins and commit tokens of large rings, cut here so
 * that no network has to fragment IP packets ({@code docs/WIRE.md}). Immutable, any thread.
 *
 * @param origin who sends the message, which need not be who made it
 * @param number counts the messages that this life has cut
 * @param index which part, from 0
 * @param count how many parts there are, 2 to {@link #COUNT_MAX}
 * @param bytes at least one
 */
public record MessagePart(Origin origin, long number, int index, int count, ByteBuffer bytes) {

    /** What a part is longer than its share of the message, bytes. */
    public static final int HEADER_BYTES = FrameHeader.BYTES + Long.BYTES + 2 * Byte.BYTES;

    public static final int COUNT_MAX = 255;

    /**
     * Cuts a message.
     *
     * @param message encoded, longer than a frame can carry
     * @param plaintextBytes what a frame can carry
     */
    public static List<MessagePart> cut(Origin origin, long number, ByteBuffer message, int plaintextBytes) {
        int share = plaintextBytes - HEADER_BYTES;
        int count = (message.remaining() + share - 1) / share;
        if (share < 1 || count > COUNT_MAX) {
            throw new IllegalArgumentException(message.remaining() + " bytes do not fit in " + COUNT_MAX + " frames of "
                    + plaintextBytes + " bytes");
        }
        List<MessagePart> parts = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            int from = message.position() + index * share;
            ByteBuffer bytes = message.slice(from, Math.min(share, message.limit() - from));
            parts.add(new MessagePart(origin, number, index, count, bytes));
        }
        return parts;
    }

    /** Whether the buffer, from its position, holds a part and not a whole message. */
    public static boolean isPart(ByteBuffer plaintext) {
        return plaintext.hasRemaining() && plaintext.get(plaintext.position()) == FrameHeader.PART;
    }

    /** Writes the part at the target's position, for which there must be room. */
    public void encode(ByteBuffer target) {
        target.order(ByteOrder.BIG_ENDIAN);
        FrameHeader.put(target, FrameHeader.PART, origin, HEADER_BYTES + bytes.remaining());
        target.putLong(number).put((byte) index).put((byte) count).put(bytes.duplicate());
    }

    /**
     * Reads the part that the buffer holds from position to limit; its bytes are a view of the buffer.
     *
     * @throws MalformedMessageException if it is none
     */
    public static MessagePart decode(ByteBuffer plaintext) throws MalformedMessageException {
        ByteBuffer in = plaintext.order(ByteOrder.BIG_ENDIAN);
        if (FrameHeader.getType(in) != FrameHeader.PART) {
            throw MalformedMessageException.TYPE;
        }
        Origin origin = WireFields.getOrigin(in);
        WireFields.requireAtLeast(in, HEADER_BYTES - FrameHeader.BYTES + 1);
        long number = in.getLong();
        int index = Byte.toUnsignedInt(in.get());
        int count = Byte.toUnsignedInt(in.get());
        if (number < 0 || count < 2 || index >= count) {
            throw MalformedMessageException.FIELD;
        }
        return new MessagePart(origin, number, index, count, in.slice());
    }
}

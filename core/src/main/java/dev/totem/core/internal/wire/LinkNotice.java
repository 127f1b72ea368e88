/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.internal.message.Origin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What one link tells the links of others, in a frame that is authentic like any other ({@code docs/WIRE.md}). The protocol
 * does not look at it. Immutable, any thread.
 *
 * @param content for the link to read
 */
public record LinkNotice(Origin origin, ByteBuffer content) {

    /** What a notice is longer than its content, bytes. */
    public static final int HEADER_BYTES = FrameHeader.BYTES;

    /** Whether the buffer, from its position, holds a notice. */
    public static boolean isNotice(ByteBuffer plaintext) {
        return plaintext.hasRemaining() && plaintext.get(plaintext.position()) == FrameHeader.LINK_NOTICE;
    }

    /** Writes the notice at the target's position, for which there must be room. */
    public void encode(ByteBuffer target) {
        target.order(ByteOrder.BIG_ENDIAN);
        FrameHeader.put(target, FrameHeader.LINK_NOTICE, origin, HEADER_BYTES + content.remaining());
        target.put(content.duplicate());
    }

    /**
     * Reads the notice that the buffer holds from position to limit; its content is a view of the buffer.
     *
     * @throws MalformedMessageException if it is none
     */
    public static LinkNotice decode(ByteBuffer plaintext) throws MalformedMessageException {
        ByteBuffer in = plaintext.order(ByteOrder.BIG_ENDIAN);
        if (FrameHeader.getType(in) != FrameHeader.LINK_NOTICE) {
            throw MalformedMessageException.TYPE;
        }
        return new LinkNotice(WireFields.getOrigin(in), in.slice());
    }
}

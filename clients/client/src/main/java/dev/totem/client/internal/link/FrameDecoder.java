/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.link;

import dev.totem.client.internal.wire.FrameReader;
import dev.totem.client.internal.wire.MalformedFrameException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Cuts what arrives into frames, none longer than is allowed now. The channel's loop only. */
final class FrameDecoder extends ByteToMessageDecoder {

    private int bytesMax;
    private boolean isBroken;

    FrameDecoder(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    void allow(int bytes) {
        bytesMax = bytes;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws MalformedFrameException {
        if (isBroken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 1 || length > bytesMax) {
            isBroken = true;
            throw new MalformedFrameException(
                    "a frame of " + Integer.toUnsignedString(length) + " bytes; here the most is " + bytesMax);
        }
        if (in.readableBytes() < Integer.BYTES + length) {
            return;
        }
        in.skipBytes(Integer.BYTES);
        ByteBuf body = in.readSlice(length);
        try {
            out.add(new Wire.Arrived(FrameReader.read(body), Integer.BYTES + length));
        } catch (MalformedFrameException malformed) {
            isBroken = true;
            throw malformed;
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.packing;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The bytes of one message where they lie, in the packets they came in; read once, from front to back. Node loop only.
 *
 * <p>Keeps the packets in memory until it is let go.
 */
public final class MessageBytes {

    private final List<ByteBuffer> parts;
    private int part;
    private int remaining;

    MessageBytes(List<ByteBuffer> parts, int sizeBytes) {
        this.parts = parts;
        this.remaining = sizeBytes;
    }

    /** Bytes that were not read yet. */
    public int remaining() {
        return remaining;
    }

    /** The next byte, 0 to 255, without reading it; there must be one. */
    public int peek() {
        int next = part;
        while (!parts.get(next).hasRemaining()) {
            next++;
        }
        ByteBuffer source = parts.get(next);
        return Byte.toUnsignedInt(source.get(source.position()));
    }

    /** Reads a copy of the next bytes, at most {@link #remaining()}. */
    public byte[] read(int bytes) {
        if (bytes > remaining) {
            throw new IllegalArgumentException("only " + remaining + " bytes are left, not " + bytes);
        }
        byte[] copy = new byte[bytes];
        int filled = 0;
        while (filled < bytes) {
            ByteBuffer source = parts.get(part);
            int step = Math.min(source.remaining(), bytes - filled);
            source.get(copy, filled, step);
            filled += step;
            if (!source.hasRemaining()) {
                part++;
            }
        }
        remaining -= bytes;
        return copy;
    }

    /** Reads a copy of all that is left: an array of exactly that size. */
    public byte[] readRemaining() {
        return read(remaining);
    }
}

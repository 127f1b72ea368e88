/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of one message where they lie, in the packets they came in; read once, from front to back. Node loop only.
 *
 * <p>Keeps the packets in memory until it is let go.
 */
public final class MessageBytes {

    private final List<Piece> later;
    private Piece piece;
    private int at;
    private int next;
    private int remaining;

    /** Bytes of a packet, from an index to another. */
    record Piece(ByteBuffer packet, int from, int end) {

        int bytes() {
            return end - from;
        }
    }

    /** A message in one piece. */
    MessageBytes(Piece whole) {
        this(whole, List.of(), whole.bytes());
    }

    /** @param later the pieces after the first */
    MessageBytes(Piece first, List<Piece> later, int sizeBytes) {
        this.piece = first;
        this.at = first.from();
        this.later = later;
        this.remaining = sizeBytes;
    }

    /** Bytes that were not read yet. */
    public int remaining() {
        return remaining;
    }

    /** The next byte, 0 to 255, without reading it; there must be one. */
    public int peek() {
        advance();
        return Byte.toUnsignedInt(piece.packet().get(at));
    }

    /** Reads the next byte, 0 to 255; there must be one. */
    public int readByte() {
        int value = peek();
        at++;
        remaining--;
        return value;
    }

    /** Reads these bytes if they are the next ones, in one piece; says whether it did. */
    public boolean skip(byte[] expected) {
        if (expected.length > piece.end() - at) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (piece.packet().get(at + i) != expected[i]) {
                return false;
            }
        }
        at += expected.length;
        remaining -= expected.length;
        return true;
    }

    /** Reads a copy of the next bytes, at most {@link #remaining()}. */
    public byte[] read(int bytes) {
        if (bytes > remaining) {
            throw new IllegalArgumentException("only " + remaining + " bytes are left, not " + bytes);
        }
        byte[] copy = bytes <= piece.end() - at && piece.packet().hasArray() ? readHere(bytes) : gather(bytes);
        remaining -= bytes;
        return copy;
    }

    /** Reads a copy of all that is left: an array of exactly that size. */
    public byte[] readRemaining() {
        return read(remaining);
    }

    private byte[] readHere(int bytes) {
        int from = piece.packet().arrayOffset() + at;
        at += bytes;
        return Arrays.copyOfRange(piece.packet().array(), from, from + bytes);
    }

    private byte[] gather(int bytes) {
        byte[] copy = new byte[bytes];
        int filled = 0;
        while (filled < bytes) {
            advance();
            int step = Math.min(piece.end() - at, bytes - filled);
            piece.packet().get(at, copy, filled, step);
            filled += step;
            at += step;
        }
        return copy;
    }

    private void advance() {
        while (at == piece.end()) {
            piece = later.get(next++);
            at = piece.from();
        }
    }
}

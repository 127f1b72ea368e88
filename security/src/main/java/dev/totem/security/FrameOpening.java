/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.spi.SealHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Opens frames with the cipher of the key, the life and the part of it that they were sealed in. Node loop only.
 *
 * <p>A frame is opened where it is, on the heap or beside it, whichever the cipher takes; else it is copied first.
 */
final class FrameOpening {

    private final Aead.Factory ciphers;
    private final long partFrames;
    private final int directFromBytes;
    private final ByteBuffer directText;
    private final byte[] copy = new byte[SealHeader.FRAME_BYTES_MAX];
    private final byte[] clear = new byte[AeadSession.CLEAR_BYTES];
    private final ByteBuffer nonce = ByteBuffer.allocate(Aead.NONCE_BYTES);

    /** @param partFrames how many frames a life seals with a key before it goes on with the next */
    FrameOpening(Aead.Factory ciphers, long partFrames) {
        this.ciphers = ciphers;
        this.partFrames = partFrames;
        this.directFromBytes = ciphers.directFromBytes();
        this.directText =
                ByteBuffer.allocateDirect(directFromBytes == Integer.MAX_VALUE ? 0 : SealHeader.FRAME_BYTES_MAX);
    }

    /** The text of the frame at {@code at}; null if it is not authentic. A cipher that opened one is kept with the sender. */
    byte @Nullable [] open(SessionKey key, SenderLife sender, ByteBuffer frames, int at, int frameBytes) {
        long number = SealHeader.counterAt(frames, at);
        int part = (int) (number / partFrames);
        Aead known = sender.cipher(key.id(), part);
        Aead cipher = known == null ? key.cipherOf(sender.node().value(), sender.number(), part, ciphers) : known;
        int textBytes = frameBytes - AeadSession.OVERHEAD_BYTES;
        byte[] plaintext = frames.isDirect() && textBytes >= directFromBytes
                ? openDirect(cipher, number, frames, at, frameBytes)
                : openArray(cipher, number, frames, at, frameBytes);
        if (known == null) {
            if (plaintext != null) {
                sender.add(key.id(), part, cipher);
            } else {
                cipher.close();
            }
        }
        return plaintext;
    }

    private byte @Nullable [] openArray(Aead cipher, long number, ByteBuffer frames, int at, int frameBytes) {
        byte[] message = copy;
        int messageAt = 0;
        if (frames.hasArray()) {
            message = frames.array();
            messageAt = frames.arrayOffset() + at;
        } else {
            frames.get(at, message, 0, frameBytes);
        }
        byte[] plaintext = new byte[frameBytes - AeadSession.OVERHEAD_BYTES];
        return cipher.open(nonce(number), message, messageAt, AeadSession.CLEAR_BYTES, frameBytes, plaintext)
                ? plaintext
                : null;
    }

    private byte @Nullable [] openDirect(Aead cipher, long number, ByteBuffer frames, int at, int frameBytes) {
        int position = frames.position();
        int limit = frames.limit();
        frames.get(at, clear, 0, AeadSession.CLEAR_BYTES);
        frames.limit(at + frameBytes).position(at + AeadSession.CLEAR_BYTES);
        boolean isAuthentic = cipher.openDirect(nonce(number), clear, frames, directText.clear());
        frames.limit(limit).position(position);
        if (!isAuthentic) {
            return null;
        }
        byte[] plaintext = new byte[frameBytes - AeadSession.OVERHEAD_BYTES];
        directText.flip().get(plaintext);
        return plaintext;
    }

    private byte[] nonce(long number) {
        return nonce.putLong(AeadSession.COUNTER_AT, number).array();
    }
}

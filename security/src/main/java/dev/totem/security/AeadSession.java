/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.NodeId;
import dev.totem.core.seal.SealHeader;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealSession;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One node that seals, life after life. Node loop only.
 *
 * <p>A nonce is the counter of a life, and each life has a key of its own: no key sees a nonce twice, across restarts
 * too. Buffers that have no array cost one more copy.
 */
final class AeadSession implements SealSession {

    /** More than twice the largest ring, so that members and their restarts do not push each other out. */
    private static final int SENDER_LIVES_MAX = 1_024;

    private static final int OVERHEAD_BYTES = SealHeader.BYTES + Aead.TAG_BYTES;
    private static final int COUNTER_AT = Aead.NONCE_BYTES - Long.BYTES;

    private final SealHeader header;
    private final KeyDerivation keys;
    private final Aead.Factory ciphers;
    private final RandomGenerator lives;
    private final long lifeFramesMax;

    private final SenderLives senders = new SenderLives(SENDER_LIVES_MAX);
    private final ByteBuffer nonce = ByteBuffer.allocate(Aead.NONCE_BYTES);
    private final ByteBuffer scratch = ByteBuffer.allocate(SealHeader.FRAME_BYTES_MAX);

    private Aead cipher;
    private long life;
    private long counter;

    /** @param lifeFramesMax how many frames are sealed before the next life begins */
    AeadSession(
            SealHeader header, KeyDerivation keys, Aead.Factory ciphers, RandomGenerator lives, long lifeFramesMax) {
        this.header = header;
        this.keys = keys;
        this.ciphers = ciphers;
        this.lives = lives;
        this.lifeFramesMax = lifeFramesMax;
        this.life = lives.nextLong();
        this.cipher = cipherOf(header.sender().value(), life);
    }

    @Override
    public int overheadBytes() {
        return OVERHEAD_BYTES;
    }

    @Override
    public void seal(ByteBuffer plaintext, ByteBuffer frame) {
        int frameBytes = plaintext.remaining() + OVERHEAD_BYTES;
        if (frameBytes > frame.remaining()) {
            throw new BufferOverflowException();
        }
        if (counter == lifeFramesMax) {
            beginLife();
        }
        if (frame.hasArray()) {
            int at = frame.position();
            seal(plaintext, frame, frameBytes);
            frame.position(at + frameBytes);
        } else {
            seal(plaintext, scratch.clear(), frameBytes);
            frame.put(scratch.array(), 0, frameBytes);
        }
    }

    private void seal(ByteBuffer plaintext, ByteBuffer frame, int frameBytes) {
        int at = frame.arrayOffset() + frame.position();
        int length = plaintext.remaining();
        long number = counter++;
        header.write(frame, frameBytes, life, number);
        if (plaintext.hasArray()) {
            int from = plaintext.arrayOffset() + plaintext.position();
            cipher.seal(nonce(number), plaintext.array(), from, length, frame.array(), at, SealHeader.BYTES);
            plaintext.position(plaintext.limit());
        } else {
            int from = at + SealHeader.BYTES;
            plaintext.get(frame.array(), from, length);
            cipher.seal(nonce(number), frame.array(), from, length, frame.array(), at, SealHeader.BYTES);
        }
    }

    @Override
    public Opened open(ByteBuffer frames) {
        int at = frames.position();
        int frameBytes = SealHeader.skipFrame(frames);
        if (frameBytes == SealHeader.NO_FRAME) {
            return new Opened.Refused(OpenFailure.MALFORMED);
        }
        Optional<OpenFailure> refusal = header.refusal(frames, at);
        if (refusal.isPresent()) {
            return new Opened.Refused(refusal.get());
        }
        if (frameBytes < OVERHEAD_BYTES) {
            return new Opened.Refused(OpenFailure.MALFORMED);
        }
        byte[] plaintext = new byte[frameBytes - OVERHEAD_BYTES];
        if (!open(frames, at, frameBytes, plaintext)) {
            return new Opened.Refused(OpenFailure.NOT_AUTHENTIC);
        }
        return new Opened.Frame(NodeId.of(SealHeader.senderAt(frames, at)), ByteBuffer.wrap(plaintext));
    }

    private boolean open(ByteBuffer frames, int at, int frameBytes, byte[] plaintext) {
        byte[] message = scratch.array();
        int messageAt = 0;
        if (frames.hasArray()) {
            message = frames.array();
            messageAt = frames.arrayOffset() + at;
        } else {
            frames.get(at, message, 0, frameBytes);
        }
        int sender = SealHeader.senderAt(frames, at);
        long senderLife = SealHeader.lifeAt(frames, at);
        byte[] number = nonce(SealHeader.counterAt(frames, at));

        Optional<Aead> known = senders.find(sender, senderLife);
        if (known.isPresent()) {
            return known.get().open(number, message, messageAt, SealHeader.BYTES, frameBytes, plaintext);
        }
        Aead stranger = cipherOf(sender, senderLife);
        boolean authentic = stranger.open(number, message, messageAt, SealHeader.BYTES, frameBytes, plaintext);
        if (authentic) {
            senders.add(sender, senderLife, stranger);
        } else {
            stranger.close();
        }
        return authentic;
    }

    @Override
    public void close() {
        cipher.close();
        senders.close();
        keys.erase();
    }

    private void beginLife() {
        cipher.close();
        life = lives.nextLong();
        cipher = cipherOf(header.sender().value(), life);
        counter = 0;
    }

    private Aead cipherOf(int node, long number) {
        SecretKey key = keys.keyOf(node, number);
        Aead made = ciphers.create(key);
        key.erase();
        return made;
    }

    private byte[] nonce(long number) {
        return nonce.putLong(COUNTER_AT, number).array();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import dev.totem.core.NodeId;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One life of a node that does not encrypt. */
final class PlainSession implements SealSession {

    private final SealHeader header;
    private final long life;
    private long counter;

    PlainSession(SealHeader header, long life) {
        this.header = header;
        this.life = life;
    }

    @Override
    public int overheadBytes() {
        return SealHeader.BYTES;
    }

    @Override
    public void seal(ByteBuffer plaintext, ByteBuffer frame) {
        int frameBytes = SealHeader.BYTES + plaintext.remaining();
        if (frameBytes > frame.remaining()) {
            throw new BufferOverflowException();
        }
        header.write(frame, frameBytes, life, counter++);
        frame.put(plaintext);
    }

    @Override
    public Opened open(ByteBuffer frames) {
        int at = frames.position();
        int frameBytes = SealHeader.skipFrame(frames);
        if (frameBytes == SealHeader.NO_FRAME) {
            return Opened.Refused.of(OpenFailure.MALFORMED);
        }
        Optional<OpenFailure> refusal = header.refusal(frames, at);
        if (refusal.isPresent()) {
            return Opened.Refused.of(refusal.get());
        }
        if (SealHeader.kindAt(frames, at) != SealHeader.KIND_PROTOCOL) {
            return Opened.Refused.of(OpenFailure.MALFORMED);
        }
        if (SealHeader.keyIdAt(frames, at) != header.keyId()) {
            return Opened.Refused.of(OpenFailure.OTHER_KEY);
        }
        byte[] plaintext = new byte[frameBytes - SealHeader.BYTES];
        frames.get(at + SealHeader.BYTES, plaintext);
        return new Opened.Frame(NodeId.of(SealHeader.senderAt(frames, at)), ByteBuffer.wrap(plaintext));
    }

    @Override
    public void close() {
        // Nothing secret is here.
    }
}

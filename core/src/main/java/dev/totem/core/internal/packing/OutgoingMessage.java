/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import dev.totem.core.Guarantee;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way into packets: an envelope and a body that are sent back to back. Node loop only.
 *
 * <p>The bytes are not copied before they are packed.
 *
 * @param <A> what the owner needs to know when the message comes back
 */
public final class OutgoingMessage<A> {

    private final Guarantee guarantee;
    private final byte[] envelope;
    private final byte[] body;
    private final A attachment;

    private State state = State.NEW;
    private long number;
    private int sentBytes;

    @Nullable
    OutgoingMessage<A> previous;

    @Nullable
    OutgoingMessage<A> next;

    private enum State {
        NEW,
        WAITING,
        PACKED
    }

    public OutgoingMessage(Guarantee guarantee, byte[] envelope, byte[] body, A attachment) {
        this.guarantee = guarantee;
        this.envelope = envelope;
        this.body = body;
        this.attachment = attachment;
    }

    public A attachment() {
        return attachment;
    }

    public Guarantee guarantee() {
        return guarantee;
    }

    public int sizeBytes() {
        return envelope.length + body.length;
    }

    /** Whether a packet that was handed over holds some of it, so that others may see it. */
    public boolean isStarted() {
        return state == State.PACKED || sentBytes > 0;
    }

    /** Its number among the messages of this life of the node; valid once it is started. */
    long number() {
        return number;
    }

    int sentBytes() {
        return sentBytes;
    }

    int remainingBytes() {
        return sizeBytes() - sentBytes;
    }

    boolean isWaiting() {
        return state == State.WAITING;
    }

    void enqueued() {
        state = State.WAITING;
    }

    void dequeued() {
        state = State.NEW;
    }

    void packed() {
        state = State.PACKED;
    }

    void begin(long messageNumber) {
        number = messageNumber;
    }

    void rewind() {
        sentBytes = 0;
    }

    void copyTo(ByteBuffer packet, int bytes) {
        int ofEnvelope = Math.min(bytes, Math.max(0, envelope.length - sentBytes));
        if (ofEnvelope > 0) {
            packet.put(envelope, sentBytes, ofEnvelope);
            sentBytes += ofEnvelope;
        }
        int ofBody = bytes - ofEnvelope;
        if (ofBody > 0) {
            packet.put(body, sentBytes - envelope.length, ofBody);
            sentBytes += ofBody;
        }
    }
}

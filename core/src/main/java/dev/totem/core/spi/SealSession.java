/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import dev.totem.core.NodeId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Seals and opens the frames of one life of a node. Node loop only; allocates nothing a frame beyond what {@link #open}
 * returns.
 */
public interface SealSession {

    /** What a frame is longer than its plaintext, bytes; constant. */
    int overheadBytes();

    /** A buffer of a kind that plaintexts and frames are sealed fastest in. */
    default ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    /**
     * Writes a sealed frame for everybody.
     *
     * @param plaintext from position to limit; consumed
     * @param frame receives exactly {@code plaintext.remaining() + overheadBytes()} bytes at its position
     */
    void seal(ByteBuffer plaintext, ByteBuffer frame);

    /**
     * Writes a sealed frame for one node; where the suite authenticates, no other opens it. As {@link #seal(ByteBuffer,
     * ByteBuffer)} otherwise.
     */
    default void seal(NodeId to, ByteBuffer plaintext, ByteBuffer frame) {
        seal(plaintext, frame);
    }

    /** What is opened from now on was read at this time of the node's clock. */
    default void readAt(long nowNanos) {}

    /**
     * Opens the first of the frames in a read, and moves past it; past everything if its end cannot be told.
     *
     * @param frames one or more frames back to back
     * @return the plaintext in a buffer of its own, or why there is none; never throws for bad bytes
     */
    Opened open(ByteBuffer frames);

    /** The keys, to change them while the session goes on. */
    default SealKeys keys() {
        return SealKeys.NONE;
    }

    /** Wipes the keys; the session is not used after. */
    void close();

    /** The outcome of opening a frame. */
    sealed interface Opened {

        /**
         * An authentic frame.
         *
         * @param transmitter the node that sealed it
         * @param plaintext a heap buffer that belongs to the caller, from position to limit
         */
        record Frame(NodeId transmitter, ByteBuffer plaintext) implements Opened {}

        /**
         * A frame between seals, by which a life proves to be live; nothing in it is for the node.
         *
         * @param reply a frame to be sent at once to where this one came from, and not larger; valid until the session is
         *     used again
         */
        record Proof(ProofStep step, Optional<ByteBuffer> reply) implements Opened {}

        /** Nothing to use. */
        record Refused(OpenFailure reason) implements Opened {}
    }

    /** How far the proof of a life has come; each is a counter. */
    enum ProofStep {
        /** A frame of an unproven life was authentic: the life is asked to answer. */
        LIVES_CHALLENGED,
        /** We were asked, and answer. */
        CHALLENGES_ANSWERED,
        /** A life has answered: its frames open from now on. */
        LIVES_PROVEN,
        /** An answer that nobody waits for. */
        ANSWERS_UNUSED
    }
}

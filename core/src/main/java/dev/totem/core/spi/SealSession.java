/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import dev.totem.core.NodeId;
import java.nio.ByteBuffer;

/**
 * Seals and opens the frames of one life of a node. Node loop only; allocates nothing a frame beyond what {@link #open}
 * returns.
 */
public interface SealSession {

    /** What a frame is longer than its plaintext, bytes; constant. */
    int overheadBytes();

    /**
     * Writes a sealed frame.
     *
     * @param plaintext from position to limit; consumed
     * @param frame receives exactly {@code plaintext.remaining() + overheadBytes()} bytes at its position
     */
    void seal(ByteBuffer plaintext, ByteBuffer frame);

    /**
     * Opens the first of the frames in a read, and moves past it; past everything if its end cannot be told.
     *
     * @param frames one or more frames back to back
     * @return the plaintext in a buffer of its own, or why there is none; never throws for bad bytes
     */
    Opened open(ByteBuffer frames);

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

        /** Nothing to use. */
        record Refused(OpenFailure reason) implements Opened {}
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import static java.util.Objects.requireNonNull;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

    /** Whether a frame that opens proves who has sealed it; if not, nothing that a frame says does. */
    default boolean isAuthentic() {
        return false;
    }

    /** Whether a life of that node has proven to be live; never if nothing can be proven. */
    default boolean isProven(NodeId node) {
        return false;
    }

    /**
     * Of the frames for everybody that are of an unproven life, this session answers those whose turn it is: all members of a
     * ring hear them, and one is enough to ask.
     *
     * @param index the place of this node among those who share the work, from 0
     * @param of how many they are, at least 1; with 1 it answers all, as at first
     */
    default void turn(int index, int of) {}

    /**
     * A frame that asks the live life of a node to answer, so that the address which the answer comes from is known to be
     * its own; see {@link ProofStep#PATHS_PROVEN}. Empty if no life of that node has proven to be live, if too many were made
     * of late, or if nothing can be proven. Valid until the session is used again.
     */
    default Optional<ByteBuffer> challenge(NodeId node) {
        return Optional.empty();
    }

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

    /**
     * Begins a new life, with keys that no frame was sealed with: this process may be a copy of one that went on, or have been
     * set back. Others hear it again when it has proven to be live.
     */
    default void renew() {}

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
         * @param transmitter the node that sealed it
         * @param reply a frame to be sent at once to where this one came from, and not larger; valid until the session is
         *     used again
         */
        record Proof(NodeId transmitter, ProofStep step, Optional<ByteBuffer> reply) implements Opened {}

        /** Nothing to use. */
        record Refused(OpenFailure reason) implements Opened {

            private static final Map<OpenFailure, Refused> ALL = Arrays.stream(OpenFailure.values())
                    .collect(Collectors.toMap(
                            reason -> reason,
                            Refused::new,
                            (one, other) -> one,
                            () -> new EnumMap<>(OpenFailure.class)));

            /** The same as the constructor, without making anything. */
            public static Refused of(OpenFailure reason) {
                return requireNonNull(ALL.get(reason));
            }
        }
    }

    /** How far the proof of a life has come; each is a counter. */
    @SuppressWarnings("ImmutableEnumChecker") // statistics are immutable
    enum ProofStep {
        /** A frame of an unproven life was authentic: the life is asked to answer. */
        LIVES_CHALLENGED(Statistics.LIVES_CHALLENGED),
        /** We were asked, and answer. */
        CHALLENGES_ANSWERED(Statistics.CHALLENGES_ANSWERED),
        /** A life has answered: its frames open from now on. */
        LIVES_PROVEN(Statistics.LIVES_PROVEN),
        /** A life that is known has answered {@link SealSession#challenge}: it is reached where the answer came from. */
        PATHS_PROVEN(Statistics.PATHS_PROVEN),
        /** An answer that nobody waits for. */
        ANSWERS_UNUSED(Statistics.ANSWERS_UNUSED);

        private final Statistic statistic;

        ProofStep(Statistic statistic) {
            this.statistic = statistic;
        }

        /** What it is counted as. */
        public Statistic statistic() {
            return statistic;
        }
    }
}

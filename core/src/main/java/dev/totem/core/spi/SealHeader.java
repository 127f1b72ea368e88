/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import dev.totem.core.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The clear first 32 bytes of a sealed frame, and what they have to say for a frame to be ours. Any thread.
 *
 * <p>Numbers are big-endian, so the buffers given here must be too. The whole header is authenticated where the suite
 * authenticates at all.
 *
 * <pre>
 *  0  magic, 1 byte          4  length of the whole frame, 2 bytes    12  sender's node id, 4 bytes
 *  1  version, 1 byte        6  kind, 1 byte                          16  sender's life, 8 bytes
 *  2  suite, 1 byte          7  reserved, 1 byte                      24  counter in this life, 8 bytes
 *  3  key id, 1 byte         8  cluster tag, 4 bytes
 * </pre>
 *
 * @param suite the number of the cipher suite, 0 to 255
 * @param keyId the number of the master key in the key file, 0 to 255; 0 for a suite without keys
 * @param clusterTag what {@link #clusterTag} makes of the cluster's name
 * @param sender the node that seals
 */
public record SealHeader(int suite, int keyId, int clusterTag, NodeId sender) {

    /** The length of the header. */
    public static final int BYTES = 32;

    /** The longest frame that its length field can name. */
    public static final int FRAME_BYTES_MAX = 0xFFFF;

    /** What {@link #skipFrame} returns when the end of the frame cannot be told. */
    public static final int NO_FRAME = -1;

    /** A frame of the protocol. */
    public static final byte KIND_PROTOCOL = 0;

    /** Asks a life for a proof that it is live. */
    public static final byte KIND_CHALLENGE = 1;

    /** The proof, which may ask in return. */
    public static final byte KIND_ANSWER = 2;

    /** A link asks who is there; nothing but a header, of suite 0, which nobody seals. */
    public static final byte KIND_WHO = 3;

    /** The answer of the other link, alike. */
    public static final byte KIND_HERE = 4;

    private static final byte MAGIC = (byte) 0xE5;
    private static final byte VERSION = 1;

    private static final int VERSION_AT = 1;
    private static final int SUITE_AT = 2;
    private static final int KEY_ID_AT = 3;
    private static final int LENGTH_AT = 4;
    private static final int KIND_AT = 6;
    private static final int RESERVED_AT = 7;
    private static final int CLUSTER_AT = 8;
    private static final int SENDER_AT = 12;
    private static final int LIFE_AT = 16;
    private static final int COUNTER_AT = 24;

    private static final int BYTE_MAX = 0xFF;

    private static final Optional<OpenFailure> MALFORMED = Optional.of(OpenFailure.MALFORMED);
    private static final Optional<OpenFailure> OTHER_SUITE = Optional.of(OpenFailure.OTHER_SUITE);
    private static final Optional<OpenFailure> OTHER_CLUSTER = Optional.of(OpenFailure.OTHER_CLUSTER);

    public SealHeader {
        if (suite < 0 || suite > BYTE_MAX || keyId < 0 || keyId > BYTE_MAX) {
            throw new IllegalArgumentException("suite " + suite + " and key id " + keyId + " must be from 0 to 255");
        }
    }

    /** The first four bytes of the SHA-256 of a cluster's name in UTF-8. */
    public static int clusterTag(String cluster) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(cluster.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** As {@link #write(ByteBuffer, int, byte, long, long)}, for a frame of the protocol. */
    public void write(ByteBuffer frame, int frameBytes, long life, long counter) {
        write(frame, frameBytes, KIND_PROTOCOL, life, counter);
    }

    /**
     * Writes the header of one frame at the buffer's position and moves past it.
     *
     * @param frameBytes the length of the whole frame, from {@link #BYTES} to {@link #FRAME_BYTES_MAX}
     */
    public void write(ByteBuffer frame, int frameBytes, byte kind, long life, long counter) {
        if (frameBytes < BYTES || frameBytes > FRAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a frame has " + BYTES + " to " + FRAME_BYTES_MAX + " bytes, not " + frameBytes);
        }
        frame.put(MAGIC)
                .put(VERSION)
                .put((byte) suite)
                .put((byte) keyId)
                .putShort((short) frameBytes)
                .put(kind)
                .put((byte) 0)
                .putInt(clusterTag)
                .putInt(sender.value())
                .putLong(life)
                .putLong(counter);
    }

    /**
     * Moves past the first frame, or past everything if its end cannot be told.
     *
     * @return the length of the frame, at least {@link #BYTES}, or {@link #NO_FRAME}
     */
    public static int skipFrame(ByteBuffer frames) {
        int at = frames.position();
        int remaining = frames.remaining();
        if (remaining >= BYTES && frames.get(at) == MAGIC && frames.get(at + VERSION_AT) == VERSION) {
            int frameBytes = Short.toUnsignedInt(frames.getShort(at + LENGTH_AT));
            if (frameBytes >= BYTES && frameBytes <= remaining) {
                frames.position(at + frameBytes);
                return frameBytes;
            }
        }
        frames.position(frames.limit());
        return NO_FRAME;
    }

    /**
     * The node that the first frame says it is of, as far as its header is one of this cluster, else 0; does not move.
     *
     * @param clusterTag as {@link #clusterTag(String)} makes it
     */
    public static int senderOf(ByteBuffer frames, int clusterTag) {
        int at = frames.position();
        boolean isOurs = frames.remaining() >= BYTES
                && frames.get(at) == MAGIC
                && frames.get(at + VERSION_AT) == VERSION
                && frames.getInt(at + CLUSTER_AT) == clusterTag;
        return isOurs ? Math.max(0, senderAt(frames, at)) : 0;
    }

    /**
     * Why the frame that {@link #skipFrame} found at an index is not for us, as far as its header tells. The key is for the
     * caller to look at.
     *
     * <p>The suite is compared before the cluster: a suite mismatch inside a cluster is the likelier mistake.
     */
    public Optional<OpenFailure> refusal(ByteBuffer frames, int at) {
        byte kind = kindAt(frames, at);
        if (kind < KIND_PROTOCOL
                || kind > KIND_ANSWER
                || frames.get(at + RESERVED_AT) != 0
                || senderAt(frames, at) < 1) {
            return MALFORMED;
        }
        if (suiteAt(frames, at) != suite) {
            return OTHER_SUITE;
        }
        if (frames.getInt(at + CLUSTER_AT) != clusterTag) {
            return OTHER_CLUSTER;
        }
        return Optional.empty();
    }

    /** The number of the suite of the frame at an index; see {@link SuiteName}. */
    public static int suiteAt(ByteBuffer frames, int at) {
        return Byte.toUnsignedInt(frames.get(at + SUITE_AT));
    }

    /** The kind of the frame at an index; one of ours if {@link #refusal} found nothing. */
    public static byte kindAt(ByteBuffer frames, int at) {
        return frames.get(at + KIND_AT);
    }

    /** The cluster tag of the frame at an index. */
    public static int clusterTagAt(ByteBuffer frames, int at) {
        return frames.getInt(at + CLUSTER_AT);
    }

    /** The key id of the frame at an index. */
    public static int keyIdAt(ByteBuffer frames, int at) {
        return Byte.toUnsignedInt(frames.get(at + KEY_ID_AT));
    }

    /** The sender of the frame at an index, as it stands there; a node id if {@link #refusal} found nothing. */
    public static int senderAt(ByteBuffer frames, int at) {
        return frames.getInt(at + SENDER_AT);
    }

    /** The sender's life of the frame at an index. */
    public static long lifeAt(ByteBuffer frames, int at) {
        return frames.getLong(at + LIFE_AT);
    }

    /** The counter of the frame at an index. */
    public static long counterAt(ByteBuffer frames, int at) {
        return frames.getLong(at + COUNTER_AT);
    }
}

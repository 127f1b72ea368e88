/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.NodeId;
import dev.totem.core.internal.packing.MessageBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the members of a ring say to each other, in its order, to seal with another key. Immutable, any thread.
 *
 * <p>Stands where other messages have a {@link GroupEnvelope}, and alone: u8 255, which no envelope begins with; u8 step,
 * from 1; u8 key id, from 1; and with step 5 u32, the node that is left out.
 *
 * @param keyId the number of the key in the key file, 1 to 255
 * @param without who is left out; empty in all steps but {@link Step#EXPELLING}
 */
public record KeyNotice(Step step, int keyId, Optional<NodeId> without) {

    private static final int MARK = 0xFF;
    private static final int BYTES = 3;
    private static final int KEY_ID_MAX = 0xFF;

    /** In the order of a switch. */
    public enum Step {
        /** Everybody is to say whether he has the key. */
        PROPOSED(1),
        /** The sender has it: when all have said so, all switch. */
        READY(2),
        /** The sender does not have it: nobody switches. */
        LACKING(3),
        /** The sender has switched: when all have, the old key is forgotten. */
        SWITCHED(4),
        /** As {@link #PROPOSED}, and one member is not waited for and not heeded, as it is to stay behind. */
        EXPELLING(5);

        private final int code;

        Step(int code) {
            this.code = code;
        }

        private static Optional<Step> of(int code) {
            return Arrays.stream(values()).filter(step -> step.code == code).findFirst();
        }
    }

    public KeyNotice {
        if (keyId < 1 || keyId > KEY_ID_MAX) {
            throw new IllegalArgumentException("a key id is from 1 to " + KEY_ID_MAX + ", not " + keyId);
        }
        if (without.isPresent() != (step == Step.EXPELLING)) {
            throw new IllegalArgumentException(step + " without " + without);
        }
    }

    /** A notice of all members. */
    public KeyNotice(Step step, int keyId) {
        this(step, keyId, Optional.empty());
    }

    /** Proposes a key to all members but one. */
    public static KeyNotice expelling(NodeId without, int keyId) {
        return new KeyNotice(Step.EXPELLING, keyId, Optional.of(without));
    }

    public byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES + (without.isPresent() ? Integer.BYTES : 0))
                .put((byte) MARK)
                .put((byte) step.code)
                .put((byte) keyId);
        without.ifPresent(node -> bytes.putInt(node.value()));
        return bytes.array();
    }

    /** Reads a notice; empty, and nothing is read, if the bytes are none. */
    public static Optional<KeyNotice> decode(MessageBytes message) {
        int length = message.remaining();
        if ((length != BYTES && length != BYTES + Integer.BYTES) || message.peek() != MARK) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(message.read(length)).position(1);
        Optional<Step> step = Step.of(Byte.toUnsignedInt(bytes.get()));
        int keyId = Byte.toUnsignedInt(bytes.get());
        boolean isExpelling = step.isPresent() && step.get() == Step.EXPELLING;
        if (step.isEmpty() || keyId == 0 || isExpelling != bytes.hasRemaining()) {
            return Optional.empty();
        }
        if (!isExpelling) {
            return Optional.of(new KeyNotice(step.get(), keyId));
        }
        int node = bytes.getInt();
        return node < 1 ? Optional.empty() : Optional.of(expelling(NodeId.of(node), keyId));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.group;

import dev.totem.core.packing.MessageBytes;
import java.util.Optional;

/**
 * What the members of a ring say to each other, in its order, to seal with another key. Immutable, any thread.
 *
 * <p>Stands where other messages have a {@link GroupEnvelope}, and alone: u8 255, which no envelope begins with; u8 step,
 * from 1; u8 key id, from 1.
 *
 * @param keyId the number of the key in the key file, 1 to 255
 */
public record KeyNotice(Step step, int keyId) {

    private static final int MARK = 0xFF;
    private static final int BYTES = 3;
    private static final int KEY_ID_MAX = 0xFF;

    /** In the order of a switch. */
    public enum Step {
        /** Everybody is to say whether he has the key. */
        PROPOSED,
        /** The sender has it: when all have said so, all switch. */
        READY,
        /** The sender does not have it: nobody switches. */
        LACKING,
        /** The sender has switched: when all have, the old key is forgotten. */
        SWITCHED
    }

    public KeyNotice {
        if (keyId < 1 || keyId > KEY_ID_MAX) {
            throw new IllegalArgumentException("a key id is from 1 to " + KEY_ID_MAX + ", not " + keyId);
        }
    }

    public byte[] encode() {
        return new byte[] {(byte) MARK, (byte) (step.ordinal() + 1), (byte) keyId};
    }

    /** Reads a notice; empty, and nothing is read, if the bytes are none. */
    public static Optional<KeyNotice> decode(MessageBytes message) {
        if (message.remaining() != BYTES || message.peek() != MARK) {
            return Optional.empty();
        }
        byte[] bytes = message.read(BYTES);
        int step = Byte.toUnsignedInt(bytes[1]) - 1;
        int keyId = Byte.toUnsignedInt(bytes[2]);
        Step[] steps = Step.values();
        return step >= 0 && step < steps.length && keyId > 0
                ? Optional.of(new KeyNotice(steps[step], keyId))
                : Optional.empty();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.internal.packing.MessageBytes;
import java.util.Arrays;
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
        PROPOSED(1),
        /** The sender has it: when all have said so, all switch. */
        READY(2),
        /** The sender does not have it: nobody switches. */
        LACKING(3),
        /** The sender has switched: when all have, the old key is forgotten. */
        SWITCHED(4);

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
    }

    public byte[] encode() {
        return new byte[] {(byte) MARK, (byte) step.code, (byte) keyId};
    }

    /** Reads a notice; empty, and nothing is read, if the bytes are none. */
    public static Optional<KeyNotice> decode(MessageBytes message) {
        if (message.remaining() != BYTES || message.peek() != MARK) {
            return Optional.empty();
        }
        byte[] bytes = message.read(BYTES);
        int keyId = Byte.toUnsignedInt(bytes[2]);
        return keyId == 0
                ? Optional.empty()
                : Step.of(Byte.toUnsignedInt(bytes[1])).map(step -> new KeyNotice(step, keyId));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.internal.fuzz.FuzzRandom;
import dev.totem.core.internal.message.ProtocolMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Any plaintext of a frame is refused as malformed, or is a message whose only encoding it is.
 *
 * <p>An input is a mode, then the plaintext itself, or choices by which a message of any kind is built and then damaged.
 */
public final class MessageFuzz {

    private static final byte RAW = 0;

    private MessageFuzz() {}

    /** One execution; throws what it finds. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        if (input[0] == RAW) {
            check(Arrays.copyOfRange(input, 1, input.length));
            return;
        }
        FuzzRandom random = new FuzzRandom(input, 1);
        byte[] valid = encoded(new RandomMessages(random).next());
        if (!check(valid)) {
            throw new AssertionError("a message that was encoded is refused");
        }
        check(random.corrupt(valid));
    }

    private static boolean check(byte[] plaintext) {
        ProtocolMessage message;
        try {
            message = new MessageCodec().decode(ByteBuffer.wrap(plaintext.clone()));
        } catch (MalformedMessageException refused) {
            return false;
        }
        if (!Arrays.equals(encoded(message), plaintext)) {
            throw new AssertionError("two encodings of " + message);
        }
        return true;
    }

    private static byte[] encoded(ProtocolMessage message) {
        MessageCodec codec = new MessageCodec();
        ByteBuffer bytes = ByteBuffer.allocate(codec.encodedBytes(message));
        codec.encode(message, bytes);
        return bytes.array();
    }
}

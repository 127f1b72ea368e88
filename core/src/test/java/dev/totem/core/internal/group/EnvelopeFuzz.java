/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.GroupName;
import dev.totem.core.NodeId;
import dev.totem.core.internal.fuzz.FuzzRandom;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.packing.MessageBytes;
import dev.totem.core.internal.packing.Unpacker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Any message begins with the only encoding of the envelope that is read, or is the only encoding of a key notice, or is
 * refused.
 *
 * <p>An input is a mode, then the message itself, or choices by which an envelope is built and then damaged.
 */
public final class EnvelopeFuzz {

    private static final byte RAW = 0;
    private static final int MESSAGE_BYTES_MAX = 60_000;

    private EnvelopeFuzz() {}

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
        List<GroupName> groups = new ArrayList<>();
        for (int count = 1 + random.nextInt(6); count > 0; count--) {
            String letter = String.valueOf((char) random.nextInt(random.nextBoolean() ? 128 : 0xD800));
            groups.add(GroupName.of(letter.repeat(1 + random.nextInt(GroupName.BYTES_MAX / 3))));
        }
        byte[] valid = new GroupEnvelope(groups).encode();
        if (!check(valid)) {
            throw new AssertionError("an envelope that was encoded is refused: " + groups);
        }
        check(random.corrupt(valid));
    }

    private static boolean check(byte[] bytes) {
        byte[] whole = Arrays.copyOf(bytes, Math.min(bytes.length, MESSAGE_BYTES_MAX));
        MessageBytes message = message(whole);
        Optional<GroupEnvelope> envelope = GroupEnvelope.decode(message);
        EnvelopeCache cache = new EnvelopeCache();
        Optional<GroupEnvelope> fresh = cache.decode(message(whole));
        Optional<GroupEnvelope> remembered = cache.decode(message(whole));
        if (!fresh.equals(envelope) || !remembered.equals(envelope)) {
            throw new AssertionError("the cache decodes another envelope than " + envelope);
        }
        Optional<KeyNotice> notice = KeyNotice.decode(message(whole));
        if (notice.isPresent()
                && (envelope.isPresent() || !Arrays.equals(notice.get().encode(), whole))) {
            throw new AssertionError("another message too: " + notice.get());
        }
        if (envelope.isEmpty()) {
            return false;
        }
        byte[] encoded = envelope.get().encode();
        if (!Arrays.equals(encoded, 0, encoded.length, whole, 0, whole.length - message.remaining())) {
            throw new AssertionError("two encodings of " + envelope.get());
        }
        return true;
    }

    /** As it comes out of a packet. */
    private static MessageBytes message(byte[] bytes) {
        ByteBuffer packet = ByteBuffer.allocate(11 + bytes.length)
                .put((byte) 0)
                .putLong(0)
                .putShort((short) bytes.length)
                .put(bytes)
                .flip();
        List<MessageBytes> messages = new ArrayList<>();
        new Unpacker(MESSAGE_BYTES_MAX)
                .unpack(new Origin(NodeId.of(1), 1), packet, (index, number, message) -> messages.add(message));
        return messages.get(0);
    }
}

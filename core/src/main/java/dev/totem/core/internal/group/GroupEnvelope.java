/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.ConfigurationException;
import dev.totem.core.GroupName;
import dev.totem.core.Message;
import dev.totem.core.internal.packing.MessageBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The groups a message is sent to, written before its body ({@code PROTOCOL.md} 6.5). Immutable, any thread.
 *
 * <p>u16 count (big-endian, from 1 to {@link #GROUPS_MAX}), then for each group u8 length (1 to 128) and its name in UTF-8;
 * the body is what follows.
 */
public record GroupEnvelope(List<GroupName> groups) {

    /** Groups one message can name: more than anybody lists, and the envelope stays small beside a large body. */
    public static final int GROUPS_MAX = Message.GROUPS_MAX;

    private static final int COUNT_BYTES = 2;

    /** The largest envelope. */
    public static final int BYTES_MAX = COUNT_BYTES + GROUPS_MAX * (1 + GroupName.BYTES_MAX);

    public GroupEnvelope {
        if (groups.isEmpty() || groups.size() > GROUPS_MAX) {
            throw new ConfigurationException(
                    "groups", String.valueOf(groups.size()), "a message names 1 to " + GROUPS_MAX + " groups");
        }
        groups = List.copyOf(groups);
    }

    public byte[] encode() {
        List<byte[]> names = new ArrayList<>(groups.size());
        int bytes = COUNT_BYTES;
        for (GroupName group : groups) {
            byte[] name = group.value().getBytes(StandardCharsets.UTF_8);
            names.add(name);
            bytes += 1 + name.length;
        }
        ByteBuffer encoded = ByteBuffer.allocate(bytes).putShort((short) groups.size());
        for (byte[] name : names) {
            encoded.put((byte) name.length).put(name);
        }
        return encoded.array();
    }

    /** Reads an envelope and leaves the body; empty if the bytes are not one. */
    public static Optional<GroupEnvelope> decode(MessageBytes message) {
        if (message.remaining() < COUNT_BYTES) {
            return Optional.empty();
        }
        int count = message.readByte() << Byte.SIZE | message.readByte();
        if (count == 0 || count > GROUPS_MAX) {
            return Optional.empty();
        }
        List<GroupName> groups = new ArrayList<>(Math.min(count, message.remaining()));
        for (int i = 0; i < count; i++) {
            Optional<GroupName> group = decodeName(message);
            if (group.isEmpty()) {
                return Optional.empty();
            }
            groups.add(group.get());
        }
        return Optional.of(new GroupEnvelope(groups));
    }

    private static Optional<GroupName> decodeName(MessageBytes message) {
        if (message.remaining() < 1) {
            return Optional.empty();
        }
        int length = message.readByte();
        if (length == 0 || length > GroupName.BYTES_MAX || length > message.remaining()) {
            return Optional.empty();
        }
        try {
            return Optional.of(GroupName.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message.read(length)))
                    .toString()));
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}

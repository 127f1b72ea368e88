/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.ConfigChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the parts that frames have in common. What is missing is an {@link IndexOutOfBoundsException}, what cannot be an {@link
 * IllegalArgumentException}.
 */
record Input(ByteBuf in) {

    int u8() {
        return in.readUnsignedByte();
    }

    int int32() {
        return in.readInt();
    }

    long int64() {
        return in.readLong();
    }

    boolean flag() {
        int value = u8();
        if (value > 1) {
            throw new IllegalArgumentException("a flag is 0 or 1, not " + value);
        }
        return value == 1;
    }

    <E> E oneOf(List<E> known) {
        int code = u8();
        if (code >= known.size()) {
            throw new IllegalArgumentException("code " + code + " where " + known + " are known");
        }
        return known.get(code);
    }

    String text() {
        byte[] bytes = new byte[checked(in.readUnsignedShort(), 1)];
        in.readBytes(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            refuseUnlessWritten(bytes);
        }
        return text;
    }

    /** A text of 1 to so many bytes. */
    private String text(int bytesMax) {
        int bytes = in.getUnsignedShort(in.readerIndex());
        if (bytes < 1 || bytes > bytesMax) {
            throw new IllegalArgumentException("a name of " + bytes + " bytes where 1 to " + bytesMax + " are allowed");
        }
        return text();
    }

    private static void refuseUnlessWritten(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException notText) {
            throw new IllegalArgumentException("a text that is not UTF-8", notText);
        }
    }

    Optional<String> optionalText() {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    byte[] bytes() {
        byte[] bytes = new byte[checked(int32(), 1)];
        in.readBytes(bytes);
        return bytes;
    }

    /** What was written with its length before it; what of it is not read is skipped. */
    Input sized() {
        return new Input(in.readSlice(checked(int32(), 1)));
    }

    List<GroupName> groups() {
        int count = checked(int32(), 3);
        List<GroupName> groups = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            groups.add(group());
        }
        return groups;
    }

    GroupName group() {
        return GroupName.of(text(GroupName.BYTES_MAX));
    }

    List<NodeId> nodes() {
        int count = checked(int32(), Integer.BYTES);
        List<NodeId> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.add(node());
        }
        return nodes;
    }

    NodeId node() {
        int node = int32();
        if (node < 1) {
            throw new IllegalArgumentException("a node id is 1 or more, not " + node);
        }
        return NodeId.of(node);
    }

    RingId ring() {
        return new RingId(node(), int64());
    }

    Position position() {
        return new Position(ring(), int64(), int32());
    }

    MemberId member() {
        return new MemberId(node(), int64(), int32());
    }

    List<MemberId> recipients() {
        int count = checked(int32(), 16);
        List<MemberId> recipients = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            recipients.add(member());
        }
        return recipients;
    }

    /** Of two with one name the last counts. */
    SortedMap<String, String> headers() {
        int count = checked(int32(), 4);
        int from = in.readerIndex();
        SortedMap<String, String> headers = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            headers.put(text(Message.HEADER_NAME_BYTES_MAX), text());
        }
        int bytes = in.readerIndex() - from - count * 2 * Short.BYTES;
        if (count > Message.HEADERS_MAX || bytes > Message.HEADER_BYTES_MAX) {
            throw new IllegalArgumentException(count + " headers of " + bytes + " bytes");
        }
        return headers;
    }

    ConfigChange configuration() {
        return new ConfigChange(
                oneOf(Codes.KINDS), ring(), ring(), nodes(), nodes(), nodes(), flag(), CauseCodec.read(this));
    }

    List<GroupMember> members() {
        int count = checked(int32(), 17);
        List<GroupMember> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            members.add(new GroupMember(member(), optionalText()));
        }
        return members;
    }

    /** A count of things of at least so many bytes each: no memory for what is not there. */
    int checked(int count, int bytesLeast) {
        if (count < 0 || count > in.readableBytes() / bytesLeast) {
            throw new IndexOutOfBoundsException(count + " where " + in.readableBytes() + " bytes are left");
        }
        return count;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.internal.packing.MessageBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads one envelope; what is none is refused with {@link IllegalArgumentException}. Node loop only. */
final class EnvelopeReader {

    private final MessageBytes in;

    EnvelopeReader(MessageBytes in) {
        this.in = in;
    }

    GroupEnvelope read() {
        require(in.remaining() > 0);
        if (in.peek() != GroupEnvelope.MARK) {
            return new GroupEnvelope(groups(1));
        }
        u8();
        return GroupEnvelope.of(groups(0), recipients(), headers());
    }

    private List<GroupName> groups(int least) {
        int count = u16();
        require(count >= least && count <= GroupEnvelope.GROUPS_MAX);
        List<GroupName> groups = new ArrayList<>(Math.min(count, in.remaining()));
        for (int i = 0; i < count; i++) {
            int length = u8();
            require(length > 0 && length <= GroupName.BYTES_MAX);
            groups.add(GroupName.of(text(length)));
        }
        return groups;
    }

    private List<MemberId> recipients() {
        int count = u16();
        require(count <= Message.RECIPIENTS_MAX);
        List<MemberId> recipients = new ArrayList<>(Math.min(count, in.remaining()));
        for (int i = 0; i < count; i++) {
            int node = (int) number(Integer.BYTES);
            require(node > 0);
            recipients.add(new MemberId(NodeId.of(node), number(Long.BYTES), (int) number(Integer.BYTES)));
        }
        return recipients;
    }

    private SortedMap<String, String> headers() {
        int count = u8();
        require(count <= Message.HEADERS_MAX);
        SortedMap<String, String> headers = new TreeMap<>();
        int all = 0;
        for (int i = 0; i < count; i++) {
            int nameBytes = u8();
            require(nameBytes > 0 && nameBytes <= Message.HEADER_NAME_BYTES_MAX);
            String name = text(nameBytes);
            require(headers.isEmpty() || headers.lastKey().compareTo(name) < 0);
            int valueBytes = u16();
            headers.put(name, text(valueBytes));
            all += nameBytes + valueBytes;
        }
        require(all <= Message.HEADER_BYTES_MAX);
        return Collections.unmodifiableSortedMap(headers);
    }

    private int u8() {
        require(in.remaining() >= 1);
        return in.readByte();
    }

    private int u16() {
        return u8() << Byte.SIZE | u8();
    }

    private long number(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << Byte.SIZE | u8();
        }
        return value;
    }

    private String text(int length) {
        require(length <= in.remaining());
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.read(length)))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new IllegalArgumentException("not UTF-8", notUtf8);
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("no envelope");
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.ConfigChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the parts that frames have in common; everything is big endian. */
record Output(ByteBuf out) {

    private static final int TEXT_BYTES_MAX = 8_192;

    void u8(int value) {
        out.writeByte(value);
    }

    void int32(int value) {
        out.writeInt(value);
    }

    void int64(long value) {
        out.writeLong(value);
    }

    void flag(boolean value) {
        out.writeByte(value ? 1 : 0);
    }

    <E> void oneOf(List<E> known, E value) {
        u8(known.indexOf(value));
    }

    /** A longer text is cut. */
    void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > TEXT_BYTES_MAX) {
            bytes = text.substring(0, TEXT_BYTES_MAX / 4).getBytes(StandardCharsets.UTF_8);
        }
        out.writeShort(bytes.length);
        out.writeBytes(bytes);
    }

    void text(Optional<String> text) {
        flag(text.isPresent());
        text.ifPresent(this::text);
    }

    void bytes(byte[] bytes) {
        int32(bytes.length);
        out.writeBytes(bytes);
    }

    void bytes(ByteBuffer bytes) {
        int32(bytes.remaining());
        out.writeBytes(bytes);
    }

    /** What is written meanwhile, and its length (4) before it. */
    void sized(Runnable content) {
        int at = out.writerIndex();
        out.writeInt(0);
        content.run();
        out.setInt(at, out.writerIndex() - at - Integer.BYTES);
    }

    void groups(Collection<GroupName> groups) {
        int32(groups.size());
        groups.forEach(group -> text(group.value()));
    }

    void nodes(Collection<NodeId> nodes) {
        int32(nodes.size());
        nodes.forEach(node -> int32(node.value()));
    }

    void ring(RingId ring) {
        int32(ring.representative().value());
        int64(ring.seq());
    }

    void position(Position position) {
        ring(position.ring());
        int64(position.seq());
        int32(position.index());
    }

    void member(MemberId id) {
        int32(id.node().value());
        int64(id.life());
        int32(id.handle());
    }

    void recipients(Collection<MemberId> recipients) {
        int32(recipients.size());
        recipients.forEach(this::member);
    }

    void headers(Map<String, String> headers) {
        int32(headers.size());
        headers.forEach((name, value) -> {
            text(name);
            text(value);
        });
    }

    void configuration(ConfigChange change) {
        oneOf(Codes.KINDS, change.kind());
        ring(change.ring());
        ring(change.successor());
        nodes(change.members());
        nodes(change.joined());
        nodes(change.left());
        flag(change.isPrimary());
        CauseCodec.write(this, change.causes());
    }

    void members(Collection<GroupMember> members) {
        int32(members.size());
        members.forEach(member -> {
            member(member.id());
            text(member.name());
        });
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.blocks.Member;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.io.ByteArrayOutputStream;
import java.util.Collection;

/** Fields as bytes, big-endian. One thread. */
public final class Writer {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    public Writer u8(int value) {
        out.write(value);
        return this;
    }

    public Writer i32(int value) {
        return u8(value >>> 24).u8(value >>> 16).u8(value >>> 8).u8(value);
    }

    public Writer i64(long value) {
        return i32((int) (value >>> 32)).i32((int) value);
    }

    public Writer bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    public Writer bytes(byte[] value) {
        i32(value.length);
        out.writeBytes(value);
        return this;
    }

    public Writer text(String value) {
        return bytes(value.getBytes(UTF_8));
    }

    public Writer ring(RingId ring) {
        return i32(ring.representative().value()).i64(ring.seq());
    }

    public Writer position(Position position) {
        return ring(position.ring()).i64(position.seq()).i32(position.index());
    }

    public Writer member(Member member) {
        return i32(member.node().value()).i64(member.instance());
    }

    public Writer members(Collection<Member> members) {
        i32(members.size());
        members.forEach(this::member);
        return this;
    }

    public int size() {
        return out.size();
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}

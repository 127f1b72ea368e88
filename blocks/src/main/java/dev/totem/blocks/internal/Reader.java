/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.blocks.Member;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what {@link Writer} wrote; throws {@link IllegalArgumentException} or {@link java.nio.BufferUnderflowException} for
 * anything else. One thread.
 */
public final class Reader {

    private final ByteBuffer in;

    public Reader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    public int u8() {
        return in.get() & 0xFF;
    }

    public int i32() {
        return in.getInt();
    }

    public long i64() {
        return in.getLong();
    }

    public boolean bool() {
        return in.get() != 0;
    }

    /** A number of things that follow, each of at least so many bytes. */
    public int count(int leastBytes) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / leastBytes) {
            throw new IllegalArgumentException("a count of " + count + " with " + in.remaining() + " bytes behind it");
        }
        return count;
    }

    public byte[] bytes() {
        byte[] bytes = new byte[count(1)];
        in.get(bytes);
        return bytes;
    }

    public String text() {
        return new String(bytes(), UTF_8);
    }

    public NodeId node() {
        return NodeId.of(i32());
    }

    public RingId ring() {
        return new RingId(node(), i64());
    }

    public Position position() {
        return new Position(ring(), i64(), i32());
    }

    public Member member() {
        return new Member(node(), i64());
    }

    public List<Member> members() {
        int count = count(12);
        List<Member> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            members.add(member());
        }
        return members;
    }

    public boolean hasMore() {
        return in.hasRemaining();
    }
}

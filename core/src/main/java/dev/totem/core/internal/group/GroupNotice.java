/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.GroupName;
import dev.totem.core.RingId;
import dev.totem.core.internal.packing.MessageBytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a processor says in the order of its handles and their groups. Immutable, any thread.
 *
 * <p>Stands where other messages have a {@link GroupEnvelope}, and alone: u8 254, which no envelope begins with; u8 kind, then
 * the fields of the kind, big-endian. A name is u8 length and UTF-8.
 */
public sealed interface GroupNotice {

    /** Groups that one notice names at most. */
    int GROUPS_MAX = 4_096;

    int MARK = 0xFE;

    byte[] encode();

    /** A handle joins groups: kind 1; i32 handle, its name (0 bytes: none), u16 count, the groups' names. */
    record Join(int handle, Optional<String> name, List<GroupName> groups) implements GroupNotice {
        public Join {
            groups = List.copyOf(groups);
        }

        @Override
        public byte[] encode() {
            NoticeBytes out = begin(1).i32(handle).text(name.orElse("")).u16(groups.size());
            groups.forEach(group -> out.text(group.value()));
            return out.array();
        }
    }

    /** A handle leaves groups: kind 2; i32 handle, u16 count, the groups' names. */
    record Leave(int handle, List<GroupName> groups) implements GroupNotice {
        public Leave {
            groups = List.copyOf(groups);
        }

        @Override
        public byte[] encode() {
            NoticeBytes out = begin(2).i32(handle).u16(groups.size());
            groups.forEach(group -> out.text(group.value()));
            return out.array();
        }
    }

    /** A handle closes: kind 3; i32 handle. */
    record Close(int handle) implements GroupNotice {
        @Override
        public byte[] encode() {
            return begin(3).i32(handle).array();
        }
    }

    /** The processor is about to leave in order: kind 4. */
    record CloseAll() implements GroupNotice {
        @Override
        public byte[] encode() {
            return begin(4).array();
        }
    }

    /**
     * A part of the list of a processor's own members, its first message on a ring: kind 5; i32 and i64 ring, u8 1 if it is the
     * last part, then as {@link GroupRoll} says.
     */
    record Roll(RingId ring, boolean isLast, GroupRoll roll) implements GroupNotice {
        @Override
        public byte[] encode() {
            NoticeBytes out =
                    begin(5).i32(ring.representative().value()).i64(ring.seq()).u8(isLast ? 1 : 0);
            roll.encode(out);
            return out.array();
        }
    }

    private static NoticeBytes begin(int kind) {
        return new NoticeBytes().u8(MARK).u8(kind);
    }

    /** Whether the bytes are a notice, or claim to be one. */
    static boolean isNext(MessageBytes message) {
        return message.remaining() > 1 && message.peek() == MARK;
    }

    /** Reads a notice, and all bytes; empty if they are none. */
    static Optional<GroupNotice> decode(MessageBytes message) {
        ByteBuffer in = ByteBuffer.wrap(message.readRemaining());
        try {
            in.get();
            GroupNotice notice = switch (NoticeBytes.u8(in)) {
                case 1 ->
                    new Join(
                            in.getInt(), Optional.of(NoticeBytes.text(in)).filter(name -> !name.isEmpty()), groups(in));
                case 2 -> new Leave(in.getInt(), groups(in));
                case 3 -> new Close(in.getInt());
                case 4 -> new CloseAll();
                case 5 -> new Roll(new RingId(NoticeBytes.node(in), in.getLong()), in.get() != 0, GroupRoll.decode(in));
                default -> throw new IllegalArgumentException("a kind of a later version");
            };
            return in.hasRemaining() ? Optional.empty() : Optional.of(notice);
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static List<GroupName> groups(ByteBuffer in) {
        int count = NoticeBytes.u16(in);
        List<GroupName> groups = new ArrayList<>(Math.min(count, in.remaining()));
        for (int i = 0; i < count; i++) {
            groups.add(NoticeBytes.group(in));
        }
        return groups;
    }
}

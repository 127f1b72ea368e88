/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Reader;
import dev.totem.blocks.internal.Writer;
import dev.totem.core.GroupMember;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What those who ask and those who answer send. Immutable. */
sealed interface RequestFrame {

    /** Tells them from what else is sent to a group: "totem", "ask", and a version. */
    long MAGIC = 0x7074_656D_6173_6B01L;

    /**
     * A question.
     *
     * @param timeMillis how long the answer is waited for, 0 for ever
     */
    record Ask(MemberId from, long number, Choice choice, long timeMillis, byte[] data) implements RequestFrame {}

    record Answer(MemberId from, long number, boolean isAnswered, byte[] data) implements RequestFrame {}

    /** Who of a group is asked. */
    sealed interface Choice {
        List<MemberId> of(List<GroupMember> members);
    }

    record All() implements Choice {
        @Override
        public List<MemberId> of(List<GroupMember> members) {
            return members.stream().map(GroupMember::id).toList();
        }
    }

    record OnNode(NodeId node) implements Choice {
        @Override
        public List<MemberId> of(List<GroupMember> members) {
            return members.stream()
                    .map(GroupMember::id)
                    .filter(member -> member.node().equals(node))
                    .limit(1)
                    .toList();
        }
    }

    /** By rendezvous: of members that come and go, only those keys move that were theirs. */
    record ByKey(long hash) implements Choice {
        @Override
        public List<MemberId> of(List<GroupMember> members) {
            return members.stream()
                    .map(GroupMember::id)
                    .max(Comparator.comparingLong(this::weight).thenComparing(member -> member))
                    .stream()
                    .toList();
        }

        private long weight(MemberId member) {
            long z = hash ^ (member.node().value() * 0x9E3779B97F4A7C15L) ^ member.life() ^ member.handle();
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }
    }

    default byte[] encode() {
        Writer out = new Writer().i64(MAGIC);
        if (this instanceof Ask ask) {
            member(out.u8(1), ask.from()).i64(ask.number()).i64(ask.timeMillis());
            if (ask.choice() instanceof OnNode one) {
                out.u8(2).i64(one.node().value());
            } else if (ask.choice() instanceof ByKey key) {
                out.u8(3).i64(key.hash());
            } else {
                out.u8(1).i64(0);
            }
            out.bytes(ask.data());
        } else if (this instanceof Answer answer) {
            member(out.u8(2), answer.from())
                    .i64(answer.number())
                    .bool(answer.isAnswered())
                    .bytes(answer.data());
        }
        return out.toBytes();
    }

    private static Writer member(Writer out, MemberId member) {
        return out.i32(member.node().value()).i64(member.life()).i32(member.handle());
    }

    /** Empty for anything else, which groups may carry too. */
    static Optional<RequestFrame> decode(byte[] bytes) {
        try {
            Reader in = new Reader(bytes);
            if (in.i64() != MAGIC) {
                return Optional.empty();
            }
            int kind = in.u8();
            MemberId from = new MemberId(in.node(), in.i64(), in.i32());
            long number = in.i64();
            if (kind == 2) {
                return Optional.of(new Answer(from, number, in.bool(), in.bytes()));
            }
            long timeMillis = in.i64();
            int choice = in.u8();
            long chosen = in.i64();
            return Optional.of(new Ask(from, number, choice(choice, chosen), timeMillis, in.bytes()));
        } catch (RuntimeException other) {
            return Optional.empty();
        }
    }

    private static Choice choice(int kind, long chosen) {
        return switch (kind) {
            case 1 -> new All();
            case 2 -> new OnNode(NodeId.of((int) chosen));
            case 3 -> new ByKey(chosen);
            default -> throw new IllegalArgumentException("unknown choice " + kind);
        };
    }
}

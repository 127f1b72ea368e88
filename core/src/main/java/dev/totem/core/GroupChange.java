/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Who is in a group has changed, at this place of the one order. Immutable, any thread.
 *
 * <p>Handles in the group are given it, those that leave too, and those that {@linkplain EvsHandle#watch watch}. The first one
 * of a group that a handle joins has the handle in it. All processes that completed the exchange at the start of a regular
 * configuration have the same members of a group at every position in it. Members are in the current configuration, always.
 *
 * @param group which group
 * @param members who is in it from here on, ascending
 * @param joined who was not before, ascending; empty for a newcomer, who is told what is
 * @param left who is not any more, ascending
 * @param reason why
 * @param position of the join or leave in the order; number 0 of the ring for what the members of a new ring told each other,
 *     as that is so before its first message; at a transitional configuration, that of the last message before it
 */
public record GroupChange(
        GroupName group,
        List<GroupMember> members,
        List<GroupMember> joined,
        List<GroupMember> left,
        Reason reason,
        Position position)
        implements EvsEvent {

    /** Why a group has changed. */
    public enum Reason {
        /** A handle joined. */
        JOINED,
        /** A handle left. */
        LEFT,
        /** A handle closed, or its node left in order. */
        CLOSED,
        /** Its node is not in the transitional configuration. */
        NODE_GONE,
        /** Nodes from elsewhere are in the new ring; they may have members. */
        MERGED
    }

    public GroupChange {
        requireNonNull(group, "group");
        requireNonNull(reason, "reason");
        requireNonNull(position, "position");
        members = List.copyOf(requireNonNull(members, "members"));
        joined = List.copyOf(requireNonNull(joined, "joined"));
        left = List.copyOf(requireNonNull(left, "left"));
    }

    /** The same group as a newcomer is told of it: nobody joined or left while it looked. */
    public GroupChange asCurrent() {
        return new GroupChange(group, members, List.of(), List.of(), reason, position);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who has a replica, as its group says at a place of the order: a replica's handle is named after its instance. So a replica is
 * gone when its handle is, although its node may go on without it. Immutable.
 *
 * @param members who has one
 * @param joined who came in this configuration, and knew nothing then
 */
record Attendance(Set<Member> members, Set<Member> joined) {

    static final Attendance NONE = new Attendance(Set.of(), Set.of());

    static Attendance of(GroupChange change) {
        return new Attendance(
                replicas(change.members()),
                change.reason() == GroupChange.Reason.JOINED ? replicas(change.joined()) : Set.of());
    }

    static String handleName(long instance) {
        return Long.toHexString(instance);
    }

    private static Set<Member> replicas(Collection<GroupMember> members) {
        return members.stream().flatMap(member -> replica(member).stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Empty for anybody else who is in the group. */
    private static Optional<Member> replica(GroupMember member) {
        try {
            return member.name().map(name -> new Member(member.id().node(), Long.parseUnsignedLong(name, 16)));
        } catch (NumberFormatException stranger) {
            return Optional.empty();
        }
    }
}

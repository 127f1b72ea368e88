/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one handle knows of one of its groups. Immutable.
 *
 * @param self the handle
 * @param members who is in the group
 */
record Crowd(GroupName group, MemberId self, List<GroupMember> members) {

    /** On one ring at rest all know themselves and each other; else one that does not. */
    static Optional<String> difference(Stream<Crowd> crowds) {
        Map<GroupName, Crowd> first = new HashMap<>();
        return crowds.filter(crowd -> {
                    Crowd other = first.computeIfAbsent(crowd.group, group -> crowd);
                    return !other.members.equals(crowd.members) || !crowd.knowsItself();
                })
                .findFirst()
                .map(crowd -> "group as its members know it: " + crowd + ", " + first.get(crowd.group));
    }

    private boolean knowsItself() {
        return members.stream().anyMatch(member -> member.id().equals(self));
    }
}

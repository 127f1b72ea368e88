/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who is in the groups of one handle, as of what it was given last. Any thread. */
public final class GroupSnapshots {

    private final Map<GroupName, Seen> seen = new ConcurrentHashMap<>();

    /** @param place in the order of events, modulo 2³² */
    private record Seen(int place, boolean isOver, List<GroupMember> members) {}

    public List<GroupMember> members(GroupName group) {
        Seen last = seen.get(group);
        return last == null ? List.of() : last.members;
    }

    /**
     * A subscriber was told of a group.
     *
     * @param isLast whether the handle is told no more of the group after this
     */
    public void given(GroupChange change, int place, boolean isLast) {
        Seen now = new Seen(place, isLast, isLast ? List.of() : change.members());
        seen.merge(change.group(), now, (before, given) -> given.place - before.place >= 0 ? given : before);
        if (isLast) {
            seen.remove(change.group(), now);
        }
    }

    public void forget(GroupName group) {
        seen.remove(group);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one step of the order changes in the views of groups: who came and went, what cancels out left out. Node loop only. */
public final class ViewChanges {

    private final SortedMap<GroupName, Difference> differences = new TreeMap<>();

    /** Of one group. */
    public static final class Difference {

        private final SortedMap<MemberId, GroupMember> joined = new TreeMap<>();
        private final SortedMap<MemberId, GroupMember> left = new TreeMap<>();

        /** Ascending. */
        public Collection<GroupMember> joined() {
            return joined.values();
        }

        /** Ascending. */
        public Collection<GroupMember> left() {
            return left.values();
        }
    }

    /** Takes the groups that have changed, ascending. */
    @FunctionalInterface
    public interface Reader {

        void changed(GroupName group, Difference difference);
    }

    void joined(GroupName group, GroupMember member) {
        Difference difference = of(group);
        if (difference.left.remove(member.id()) == null) {
            difference.joined.put(member.id(), member);
        }
    }

    void left(GroupName group, GroupMember member) {
        Difference difference = of(group);
        if (difference.joined.remove(member.id()) == null) {
            difference.left.put(member.id(), member);
        }
    }

    private Difference of(GroupName group) {
        return differences.computeIfAbsent(group, name -> new Difference());
    }

    public void forEach(Reader reader) {
        differences.forEach((group, difference) -> {
            if (!difference.joined.isEmpty() || !difference.left.isEmpty()) {
                reader.changed(group, difference);
            }
        });
    }
}

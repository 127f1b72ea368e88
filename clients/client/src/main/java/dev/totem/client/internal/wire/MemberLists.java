/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.GroupMember;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * The members of a group after a change. Any thread.
 *
 * <p>A thousand clients that join one group tell each other a million times: a change costs a copy of the list and not a sort.
 */
public final class MemberLists {

    /** So many changes are put in one by one. */
    private static final int FEW = 32;

    private MemberLists() {}

    /** Those before with who joined and without who left, in order, if those before are. */
    public static List<GroupMember> changed(
            List<GroupMember> before, List<GroupMember> joined, List<GroupMember> left) {
        if (joined.size() + left.size() > FEW) {
            TreeSet<GroupMember> members = new TreeSet<>(before);
            members.addAll(joined);
            left.forEach(members::remove);
            return List.copyOf(members);
        }
        ArrayList<GroupMember> members = new ArrayList<>(before.size() + joined.size());
        members.addAll(before);
        for (GroupMember member : joined) {
            int at = Collections.binarySearch(members, member);
            if (at < 0) {
                members.add(-at - 1, member);
            }
        }
        for (GroupMember member : left) {
            int at = Collections.binarySearch(members, member);
            if (at >= 0) {
                members.remove(at);
            }
        }
        return List.copyOf(members);
    }
}

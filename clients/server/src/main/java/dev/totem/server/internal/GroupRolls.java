/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.internal.wire.MemberLists;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import java.util.List;

/** Whether a change says all that there is to say: then its members need not be listed. Any thread. */
final class GroupRolls {

    private GroupRolls() {}

    /** Whether its members are those before, with who joined and without who left. */
    static boolean follows(List<GroupMember> before, GroupChange change) {
        if (before.size() + change.joined().size() - change.left().size()
                != change.members().size()) {
            return false;
        }
        return MemberLists.changed(before, change.joined(), change.left()).equals(change.members());
    }
}

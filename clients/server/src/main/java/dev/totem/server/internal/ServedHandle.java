/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.internal.wire.Frame;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A client's handle at the node. The session's loop only. */
final class ServedHandle {

    private final Session session;
    private final int number;
    private final EvsHandle handle;
    private final Map<GroupName, List<GroupMember>> told = new HashMap<>();

    ServedHandle(Session session, int number, EvsHandle handle) {
        this.session = session;
        this.number = number;
        this.handle = handle;
    }

    EvsHandle handle() {
        return handle;
    }

    /** Tells the client who is in the handle's groups, whether it subscribes to them or not. */
    void follow() {
        handle.groupChanges().subscribe(change -> session.execute(() -> tell(change)), ended -> {});
    }

    private void tell(GroupChange change) {
        List<GroupMember> before = told.put(change.group(), change.members());
        session.say(
                before != null && GroupRolls.follows(before, change)
                        ? new Frame.Roll(number, change.group(), false, change.joined(), change.left())
                        : new Frame.Roll(number, change.group(), true, change.members(), List.of()));
    }
}

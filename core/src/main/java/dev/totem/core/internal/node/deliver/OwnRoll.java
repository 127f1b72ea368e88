/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import dev.totem.core.GroupMember;
import dev.totem.core.MemberId;
import dev.totem.core.RingId;
import dev.totem.core.internal.group.GroupNotice;
import dev.totem.core.internal.group.GroupRoll;
import dev.totem.core.internal.group.GroupViews;
import dev.totem.core.internal.group.ViewChanges;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.node.send.HandleState;
import dev.totem.core.internal.node.send.PendingSend;
import dev.totem.core.internal.node.send.PendingSends;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The list of this node's members, said first on a ring. Node loop only.
 *
 * <p>Joins and leaves that wait, and before which their handle has nothing else to send, are told in the list: so what is joined
 * before a ring forms sees all messages of that ring.
 */
public final class OwnRoll {

    private final Origin self;
    private final PendingSends sends;
    private List<PendingSend> parts = List.of();
    private Set<PendingSend> told = new LinkedHashSet<>();

    public OwnRoll(Origin self, PendingSends sends) {
        this.self = self;
        this.sends = sends;
    }

    /** What of the last list was not ordered is not said any more. */
    void takeBack() {
        parts.forEach(sends::takeBack);
        parts = List.of();
    }

    /** @param part the members of this node by the order up to now */
    void say(RingId ring, Collection<GroupViews.Listed> part, Collection<HandleState> handles) {
        told.removeIf(send -> send.handle().isClosed());
        handles.forEach(handle -> told.addAll(firstNotices(handle)));
        GroupViews views = new GroupViews();
        ViewChanges ignored = new ViewChanges();
        views.replace(self.node(), part, ignored);
        for (PendingSend send : told) {
            if (send.notice() instanceof GroupNotice.Join join) {
                GroupMember member = new GroupMember(id(join.handle()), join.name());
                join.groups().forEach(group -> views.join(member, group, ignored));
            } else if (send.notice() instanceof GroupNotice.Leave leave) {
                leave.groups().forEach(group -> views.leave(id(leave.handle()), group, ignored));
            }
        }
        List<GroupRoll> rolls = GroupRoll.of(views.part(self.node()));
        List<PendingSend> said = new ArrayList<>();
        for (int i = rolls.size() - 1; i >= 0; i--) {
            said.add(sends.sayFirst(new GroupNotice.Roll(ring, i == rolls.size() - 1, rolls.get(i))));
        }
        parts = said;
    }

    /** The list has come: the notices that were told in it, once. */
    Set<PendingSend> told() {
        Set<PendingSend> all = told;
        told = new LinkedHashSet<>();
        return all;
    }

    private List<PendingSend> firstNotices(HandleState handle) {
        List<PendingSend> notices = new ArrayList<>();
        for (PendingSend send : handle.accepted().all()) {
            boolean isTold = told.contains(send);
            if (send.notice() == null || (!isTold && !sends.takeBack(send))) {
                break;
            }
            if (!isTold) {
                notices.add(send);
            }
        }
        return notices;
    }

    private MemberId id(int handle) {
        return new MemberId(self.node(), self.incarnation(), handle);
    }
}

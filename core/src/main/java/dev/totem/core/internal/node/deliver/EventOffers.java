/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.core.MemberId;
import dev.totem.core.internal.node.crossing.DeliveryMemory;
import dev.totem.core.internal.node.crossing.EventSubscription;
import dev.totem.core.internal.node.crossing.WokenLanes;
import dev.totem.core.internal.node.observe.NodeCounters;
import dev.totem.core.internal.node.send.HandleState;
import dev.totem.core.internal.node.send.PendingSends;
import java.util.List;
import java.util.Set;

/** Puts events into the queues of subscriptions, all of an event at once. Node loop only, except where it says otherwise. */
final class EventOffers {

    private final Routes routes;
    private final GroupOrder groups;
    private final PendingSends sends;
    private final NodeCounters counters;
    private final DeliveryRoom room;
    private final WokenLanes woken;
    private int delivered;

    EventOffers(
            Routes routes, GroupOrder groups, PendingSends sends, NodeCounters counters, DispatchQueue.Bounds bounds) {
        this.routes = routes;
        this.groups = groups;
        this.sends = sends;
        this.counters = counters;
        this.room = bounds.room();
        this.woken = bounds.woken();
    }

    void offer(List<EventSubscription> targets, EvsEvent event) {
        if (targets.isEmpty()) {
            return;
        }
        DeliveryMemory.Held held = room.hold(event, targets.size());
        for (EventSubscription subscription : targets) {
            if (room.admits(subscription, event)) {
                delivered++;
                subscription.offer(held);
                woken.add(subscription.lane());
            } else {
                held.release();
                subscription.endSlow("its queue is full");
            }
        }
    }

    /** Ends a batch. */
    void flush() {
        if (delivered > 0) {
            counters.delivered(delivered);
            delivered = 0;
        }
    }

    /** Hands on what comes of a change of the groups; says whether there was room for it. */
    boolean handOn(GroupOutput output) {
        boolean tells = !(output instanceof GroupOutput.Came || output instanceof GroupOutput.Told);
        if (tells && !room.isFor(0)) {
            return false;
        }
        groups.outputs().remove();
        if (output instanceof GroupOutput.Changed changed) {
            Set<HandleState> concerned = routes.concerned(changed.change().group());
            concerned.addAll(changed.also());
            tell(concerned, changed.change());
        } else if (output instanceof GroupOutput.Came came) {
            sends.delivered(came.number(), came.position(), room.nextPlace());
        } else if (output instanceof GroupOutput.Told told) {
            sends.came(told.send(), told.position(), room.nextPlace());
        } else if (output instanceof GroupOutput.Current current) {
            if (!current.subscription().isOver()) {
                List<GroupChange> changes = groups.current(current.handle());
                current.subscription().beginSnapshot(changes.size());
                changes.forEach(change -> offer(List.of(current.subscription()), change));
            }
        } else if (output instanceof GroupOutput.Watched watched && groups.begins(watched)) {
            watched.handle().watched().add(watched.group());
            routes.watch(watched.handle(), watched.group());
            tell(Set.of(watched.handle()), groups.current(watched.group()));
        }
        return true;
    }

    private void tell(Set<HandleState> concerned, GroupChange change) {
        concerned.stream()
                .filter(handle -> handle.subscriptions().isEmpty())
                .forEach(handle -> given(handle, change, room.nextPlace()));
        offer(Routes.subscriptions(concerned), change);
    }

    /** Any thread: a handle's subscriber, or the handle if it has none, is told of a group. */
    void given(HandleState handle, GroupChange change, int place) {
        MemberId self = groups.id(handle);
        boolean isMember =
                change.members().stream().anyMatch(member -> member.id().equals(self));
        handle.snapshots().given(change, place, !isMember && !handle.watched().contains(change.group()));
    }
}

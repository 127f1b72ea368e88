/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import dev.totem.core.ConfigChange;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupChange.Reason;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.internal.group.GroupExchange;
import dev.totem.core.internal.group.GroupNotice;
import dev.totem.core.internal.group.GroupViews;
import dev.totem.core.internal.group.ViewChanges;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.node.crossing.EventSubscription;
import dev.totem.core.internal.node.observe.NodeCounters;
import dev.totem.core.internal.node.send.HandleState;
import dev.totem.core.internal.node.send.PendingSend;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which group, at each place of the order. Node loop only.
 *
 * <p>At a transitional configuration the views are cut to its members. At a regular one with processors from elsewhere, or after
 * an exchange that was interrupted, each processor's first messages are the list of its own members, and everything else is held
 * until the lists of all are there. An exchange that is interrupted ends at the transitional configuration: what came of it by
 * then counts, each list for its own processor, and what was held is handed on there.
 */
public final class GroupOrder {

    private final Origin self;
    private final OwnRoll roll;
    private final Routes routes;
    private final GatedSource gate;
    private final NodeCounters counters;

    private final GroupViews views = new GroupViews();
    private final Map<Integer, HandleState> handles = new LinkedHashMap<>();
    private final Queue<GroupOutput> outputs = new ArrayDeque<>();

    /** Of the outputs, those that nobody has taken back. */
    private final Set<GroupOutput.Watched> toWatch = new HashSet<>();

    private final Map<GroupName, Set<HandleState>> leavers = new TreeMap<>();
    private List<Unpacked> held = new ArrayList<>();
    private @Nullable GroupExchange exchange;
    private List<NodeId> members = List.of();
    private boolean isHolding;
    private boolean hasBegun;

    /** The place of the last message that was handed on; no object a message. */
    private RingId lastRing = new RingId(NodeId.of(1), 0);

    private long lastSeq;
    private int lastIndex;

    public GroupOrder(Origin self, OwnRoll roll, Routes routes, GatedSource gate, NodeCounters counters) {
        this.self = self;
        this.roll = roll;
        this.routes = routes;
        this.gate = gate;
        this.counters = counters;
    }

    /** Any thread. */
    MemberId id(HandleState handle) {
        return id(self, handle.number());
    }

    /** The first groups by name, with how many members they have. */
    SortedMap<GroupName, Integer> sizes(int most) {
        return views.sizes(most);
    }

    void opened(HandleState handle) {
        handles.put(handle.number(), handle);
    }

    void ended(HandleState handle) {
        handles.remove(handle.number());
    }

    /** Who of these is a handle of this node. */
    List<EventSubscription> addressed(List<MemberId> recipients) {
        Set<HandleState> own = new LinkedHashSet<>();
        for (MemberId member : recipients) {
            HandleState handle = member.equals(id(self, member.handle())) ? handles.get(member.handle()) : null;
            if (handle != null) {
                own.add(handle);
            }
        }
        return routes.ofHandles(own);
    }

    /** What is to be handed on next, before any message. */
    Queue<GroupOutput> outputs() {
        return outputs;
    }

    /** Messages that wait for the lists of all. */
    int heldMessages() {
        return held.size();
    }

    /** Whether others count a handle of this node as a member of a group. */
    boolean hasOwnMembers() {
        return !views.part(self.node()).isEmpty();
    }

    /** A new subscriber is to be told of its handle's groups. */
    void current(HandleState handle, EventSubscription subscription) {
        outputs.add(new GroupOutput.Current(handle, subscription));
    }

    /** The groups of a handle as they are. */
    List<GroupChange> current(HandleState handle) {
        Set<GroupName> concerning = handle.watched().snapshot();
        List<GroupChange> all = new ArrayList<>();
        views.part(self.node()).stream()
                .filter(listed -> listed.member().id().handle() == handle.number())
                .flatMap(listed -> listed.groups().stream())
                .filter(group -> !concerning.contains(group))
                .forEach(group -> all.add(current(group)));
        concerning.stream().sorted().forEach(group -> all.add(current(group)));
        return all;
    }

    GroupChange current(GroupName group) {
        return new GroupChange(group, views.members(group), List.of(), List.of(), Reason.JOINED, last());
    }

    void watch(HandleState handle, GroupName group) {
        GroupOutput.Watched watched = new GroupOutput.Watched(handle, group);
        outputs.add(watched);
        toWatch.add(watched);
    }

    void unwatch(HandleState handle, GroupName group) {
        toWatch.remove(new GroupOutput.Watched(handle, group));
        handle.watched().remove(group);
        routes.unwatch(handle, group);
    }

    /** A handle watches a group from here on, unless it does not want to any more. */
    boolean begins(GroupOutput.Watched watched) {
        return toWatch.remove(watched);
    }

    /** A regular configuration is current from here on. */
    void regular(ConfigChange change) {
        GroupExchange before = exchange;
        boolean isOpen = before != null && !before.isComplete();
        boolean isNeeded = hasBegun && (!change.joined().isEmpty() || isOpen);
        hasBegun = true;
        members = change.members();
        passed(change.ring(), 0, 0);
        exchange = isNeeded ? new GroupExchange(change.ring(), change.members()) : null;
        isHolding = isNeeded;
        roll.takeBack();
        if (isNeeded) {
            counters.groupExchange();
            roll.say(change.ring(), views.part(self.node()), handles.values());
        }
        gate.open();
    }

    /** A transitional configuration is current from here on; what was held is {@linkplain #released() released}. */
    void transitional(ConfigChange change) {
        members = change.members();
        ViewChanges changes = new ViewChanges();
        GroupExchange interrupted = exchange;
        List<GroupOutput> told = new ArrayList<>();
        if (interrupted != null) {
            interrupted.cut(change.members());
            interrupted.takeSaid().forEach(said -> told.addAll(replace(said, changes)));
            // What this node was about to tell is so from the start of the ring, for its own users; others hear of it
            // on the next.
            told.addAll(tellOwn(changes));
        }
        views.cut(change.members(), changes);
        isHolding = false;
        report(changes, Reason.NODE_GONE, last());
        outputs.addAll(told);
    }

    /** What need not be held any more, in order, once. */
    List<Unpacked> released() {
        if (isHolding || held.isEmpty()) {
            return List.of();
        }
        List<Unpacked> all = held;
        held = new ArrayList<>();
        return all;
    }

    /** The node ends: nobody is waited for any more. */
    void force() {
        GroupExchange current = exchange;
        if (isHolding && current != null) {
            finish(current);
        }
    }

    /** Whether messages are handed on and not held. */
    boolean isPassing() {
        return !isHolding;
    }

    /** Keeps a message for later, or takes it as a part of a list; says whether it did one of the two. */
    boolean keeps(Unpacked message) {
        if (message.groupNotice() instanceof GroupNotice.Roll part) {
            listed(message, part);
            return true;
        }
        if (isHolding) {
            held.add(message);
        } else {
            passed(message.frame().ring(), message.frame().seq(), message.index());
        }
        return isHolding;
    }

    private void passed(RingId ring, long seq, int index) {
        if (!ring.equals(lastRing)) {
            lastRing = ring;
        }
        lastSeq = seq;
        lastIndex = index;
    }

    private Position last() {
        return new Position(lastRing, lastSeq, lastIndex);
    }

    private void listed(Unpacked message, GroupNotice.Roll part) {
        GroupExchange current = exchange;
        if (current != null && isMember(message) && current.take(message.frame().origin(), part)) {
            if (!isHolding) {
                ViewChanges changes = new ViewChanges();
                List<GroupOutput> told = new ArrayList<>();
                current.takeSaid().forEach(said -> told.addAll(replace(said, changes)));
                report(changes, Reason.MERGED, message.position());
                outputs.addAll(told);
            } else if (current.isComplete()) {
                finish(current);
            }
        }
        if (message.isOwn()) {
            outputs.add(new GroupOutput.Came(message.number(), message.position()));
        }
    }

    private void finish(GroupExchange complete) {
        isHolding = false;
        ViewChanges changes = new ViewChanges();
        List<GroupOutput> told = new ArrayList<>();
        complete.takeSaid().forEach(said -> told.addAll(replace(said, changes)));
        report(changes, Reason.MERGED, new Position(complete.ring(), 0, 0));
        outputs.addAll(told);
    }

    /** What a processor said of itself; if that is this one, the notices that it told in its list have come. */
    private List<GroupOutput> replace(GroupExchange.Said said, ViewChanges changes) {
        views.replace(said.node(), said.part(), changes);
        return said.node().equals(self.node()) ? tellOwn(changes) : List.of();
    }

    private List<GroupOutput> tellOwn(ViewChanges changes) {
        List<GroupOutput> told = new ArrayList<>();
        for (PendingSend send : roll.told()) {
            if (send.notice() instanceof GroupNotice.Join join) {
                GroupMember member = new GroupMember(id(self, join.handle()), join.name());
                for (GroupName group : join.groups()) {
                    views.join(member, group, changes);
                    routes.join(send.handle(), group);
                }
            } else if (send.notice() instanceof GroupNotice.Leave leave) {
                for (GroupName group : leave.groups()) {
                    views.leave(id(self, leave.handle()), group, changes);
                    leaves(send.handle(), group);
                }
            }
            told.add(new GroupOutput.Told(send, new Position(lastRing, 0, 0)));
        }
        return told;
    }

    /** What was ordered by who is not in the transitional configuration is delivered there, and means nothing for the views. */
    private boolean isMember(Unpacked message) {
        return members.contains(message.frame().origin().node());
    }

    /** A notice takes effect. */
    void apply(Unpacked message, GroupNotice notice) {
        if (!isMember(message)) {
            return;
        }
        Origin origin = message.frame().origin();
        ViewChanges changes = new ViewChanges();
        Reason reason = Reason.CLOSED;
        if (notice instanceof GroupNotice.Join join) {
            reason = Reason.JOINED;
            GroupMember member = new GroupMember(id(origin, join.handle()), join.name());
            Optional<HandleState> own = own(message, join.handle());
            for (GroupName group : join.groups()) {
                views.join(member, group, changes);
                own.ifPresent(handle -> routes.join(handle, group));
            }
        } else if (notice instanceof GroupNotice.Leave leave) {
            reason = Reason.LEFT;
            Optional<HandleState> own = own(message, leave.handle());
            for (GroupName group : leave.groups()) {
                views.leave(id(origin, leave.handle()), group, changes);
                own.ifPresent(handle -> leaves(handle, group));
            }
        } else if (notice instanceof GroupNotice.Close close) {
            Optional<HandleState> own = own(message, close.handle());
            views.close(id(origin, close.handle()), changes);
            own.ifPresent(this::forget);
        } else if (notice instanceof GroupNotice.CloseAll) {
            views.close(origin.node(), changes);
        }
        report(changes, reason, message.position());
        if (message.isOwn()) {
            outputs.add(new GroupOutput.Came(message.number(), message.position()));
        }
    }

    /** A handle is in no group any more; its streams complete soon. */
    private void forget(HandleState closed) {
        closed.saidClosed();
        routes.mute(closed);
    }

    private Optional<HandleState> own(Unpacked message, int handle) {
        return message.isOwn() ? Optional.ofNullable(handles.get(handle)) : Optional.empty();
    }

    private static MemberId id(Origin origin, int handle) {
        return new MemberId(origin.node(), origin.incarnation(), handle);
    }

    private void leaves(HandleState handle, GroupName group) {
        routes.leave(handle, group);
        leavers.computeIfAbsent(group, name -> new LinkedHashSet<>()).add(handle);
    }

    private void report(ViewChanges changes, Reason reason, Position position) {
        changes.forEach((group, difference) -> {
            Set<HandleState> also = new LinkedHashSet<>(leavers.getOrDefault(group, Set.of()));
            also.removeIf(handle ->
                    difference.left().stream().noneMatch(member -> member.id().equals(id(self, handle.number()))));
            if (also.isEmpty() && routes.concerned(group).isEmpty()) {
                return;
            }
            boolean isMerge = reason == Reason.NODE_GONE && !difference.joined().isEmpty();
            outputs.add(new GroupOutput.Changed(
                    new GroupChange(
                            group,
                            views.members(group),
                            List.copyOf(difference.joined()),
                            List.copyOf(difference.left()),
                            isMerge ? Reason.MERGED : reason,
                            position),
                    also));
        });
        leavers.clear();
        counters.groups(views.size());
    }
}

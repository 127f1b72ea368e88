/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import dev.totem.core.ConfigChange;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Membership;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.internal.group.EnvelopeCache;
import dev.totem.core.internal.group.GroupEnvelope;
import dev.totem.core.internal.group.GroupNotice;
import dev.totem.core.internal.group.KeyNotice;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.node.crossing.EventSubscription;
import dev.totem.core.internal.node.crossing.WokenLanes;
import dev.totem.core.internal.node.observe.NodeCounters;
import dev.totem.core.internal.node.send.HandleState;
import dev.totem.core.internal.node.send.PendingSends;
import dev.totem.core.internal.ordering.Restraint;
import dev.totem.core.internal.packing.Unpacker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the ring has delivered, on its way to the subscribers, in the one order. Node loop only.
 *
 * <p>Everything is handed on at once, also to a subscription that is over its limits; then the ring is held back until it is
 * not. Stands still only when the node's memory is full: what waits here is bounded by what the ring delivers until {@link
 * #restraint} takes effect, about a window.
 */
public final class DispatchQueue {

    private final Origin self;
    private final Unpacker unpacker;
    private final PendingSends sends;
    private final NodeCounters counters;
    private final DeliveryRoom room;
    private final int holdBackFrames;

    private final Routes routes;
    private final GroupOrder groups;
    private final EventOffers events;
    private final OpenHandles handles;
    private final Queue<Item> items = new ArrayDeque<>();
    private final Deque<Unpacked> unpacked = new ArrayDeque<>();
    private final WokenLanes woken;
    private final EnvelopeCache envelopes = new EnvelopeCache();

    private KeyNotices keyNotices = new KeyNotices() {
        @Override
        public void noticed(NodeId sender, KeyNotice notice, Position position) {}

        @Override
        public void changed(ConfigChange change) {}
    };
    private volatile Membership membership;
    private boolean isStopped;

    /** Sees, in the one order, what is not for subscribers. */
    public interface KeyNotices {

        void noticed(NodeId sender, KeyNotice notice, Position position);

        void changed(ConfigChange change);
    }

    /** A frame or a change; exactly one of the two. */
    private record Item(
            @Nullable RegularMessage frame, @Nullable ConfigChange change) {}

    /**
     * How much is handed on.
     *
     * @param holdBackFrames frames waiting here above which nothing more is originated
     */
    public record Bounds(DeliveryRoom room, WokenLanes woken, int holdBackFrames) {}

    public DispatchQueue(
            Origin self,
            Routes routes,
            GroupOrder groups,
            Unpacker unpacker,
            PendingSends sends,
            NodeCounters counters,
            Bounds bounds) {
        this.self = self;
        this.routes = routes;
        this.groups = groups;
        this.events = new EventOffers(routes, groups, sends, counters, bounds);
        this.handles = new OpenHandles(routes, groups, events, bounds.room(), bounds.woken());
        this.unpacker = unpacker;
        this.sends = sends;
        this.counters = counters;
        this.room = bounds.room();
        this.woken = bounds.woken();
        this.holdBackFrames = bounds.holdBackFrames();
        membership = alone();
    }

    private Membership alone() {
        return new Membership(self.node(), new RingId(self.node(), 0), List.of(self.node()), sends.isPrimaryAlone());
    }

    /** The node is in no ring any more. */
    public void ended() {
        membership = alone();
    }

    /** The first groups by name, with how many members they have. */
    public SortedMap<GroupName, Integer> groups(int most) {
        return groups.sizes(most);
    }

    /** Any thread: the regular configuration installed last; a ring of number 0 before the first and after the end. */
    public Membership membership() {
        return membership;
    }

    public void keyNotices(KeyNotices to) {
        keyNotices = to;
    }

    /** Any thread. */
    public MemberId id(HandleState handle) {
        return groups.id(handle);
    }

    /** Any thread: a handle's subscriber is told of a group. */
    public void given(HandleState handle, GroupChange change, int place) {
        events.given(handle, change, place);
    }

    public void watch(HandleState handle, GroupName group) {
        groups.watch(handle, group);
    }

    public void unwatch(HandleState handle, GroupName group) {
        groups.unwatch(handle, group);
        if (!handle.groups().contains(group)) {
            handle.snapshots().forget(group);
        }
    }

    /** Whether others count a handle of this node as a member of a group. */
    public boolean hasOwnMembers() {
        return groups.hasOwnMembers();
    }

    public OpenHandles handles() {
        return handles;
    }

    public void add(RegularMessage frame) {
        items.add(new Item(frame, null));
    }

    public void add(ConfigChange change) {
        if (change.isRegular()) {
            membership = new Membership(self.node(), change.ring(), change.members(), change.isPrimary());
        }
        items.add(new Item(null, change));
    }

    /** Hands on as much as there is room for. */
    public void run() {
        boolean goesOn = true;
        while (goesOn && room.isOpen()) {
            GroupOutput output = groups.outputs().peek();
            Unpacked message = output == null ? unpacked.poll() : null;
            Item item = items.peek();
            if (output != null) {
                goesOn = events.handOn(output);
            } else if (message != null) {
                goesOn = dispatch(message);
                if (!goesOn) {
                    unpacked.addFirst(message);
                }
            } else if (item == null) {
                goesOn = false;
            } else {
                RegularMessage frame = item.frame();
                ConfigChange change = item.change();
                if (frame != null) {
                    items.remove();
                    unpack(frame);
                } else if (change != null) {
                    goesOn = dispatch(change);
                }
            }
        }
        room.review(handles::holders);
    }

    /** Wakes the lanes that got something, once each. */
    public void wake() {
        woken.flush();
    }

    /** Ends a batch. */
    public void flush() {
        wake();
        handles.forgetSome();
        events.flush();
    }

    public boolean isEmpty() {
        return items.isEmpty() && unpacked.isEmpty() && groups.outputs().isEmpty() && groups.heldMessages() == 0;
    }

    public int backlogFrames() {
        return items.size();
    }

    /** How many messages of one publisher may be under way. */
    public int bulkMax() {
        return room.bulkMax();
    }

    /** How much of the ring's traffic this node can bear: stopped from when its backlog is large until it is gone. */
    public Restraint restraint() {
        isStopped = isStopped ? !(items.isEmpty() && unpacked.isEmpty()) : items.size() > holdBackFrames;
        if (isStopped) {
            return Restraint.STOPPED;
        }
        boolean isFarAhead = groups.heldMessages() > holdBackFrames;
        return room.isWaiting() || isFarAhead ? Restraint.HELD_BACK : Restraint.NONE;
    }

    /** Enough was taken from what waits for all subscribers. */
    public void memoryAgain() {
        room.memoryAgain();
    }

    /** The node ends: hands on the rest in one go, past the limits; it is about a window at most. */
    public void force() {
        room.force();
        run();
        groups.force();
        putBack();
        run();
    }

    private void unpack(RegularMessage frame) {
        boolean isOwn = frame.origin().equals(self);
        boolean isPacket = unpacker.unpack(frame.origin(), frame.packet(), (index, number, bytes) -> {
            KeyNotice key = KeyNotice.decode(bytes).orElse(null);
            boolean isOfGroups = key == null && GroupNotice.isNext(bytes);
            GroupNotice notice = isOfGroups ? GroupNotice.decode(bytes).orElse(null) : null;
            Optional<GroupEnvelope> envelope = key == null && !isOfGroups ? envelopes.decode(bytes) : Optional.empty();
            if (key == null && notice == null && envelope.isEmpty()) {
                counters.malformedPacket();
            }
            Unpacked message = new Unpacked(frame, isOwn, index, number, envelope.orElse(null), key, notice, bytes);
            boolean isNext = unpacked.isEmpty() && groups.outputs().isEmpty();
            if (!isNext || !room.isOpen() || !dispatch(message)) {
                unpacked.add(message);
            }
        });
        if (!isPacket) {
            counters.malformedPacket();
        }
        counters.messagesLeftOut(unpacker.leftOut());
    }

    private boolean dispatch(Unpacked message) {
        Position position = message.position();
        List<EventSubscription> targets =
                message.recipients().isEmpty() ? routes.of(message.groups()) : groups.addressed(message.recipients());
        if (groups.isPassing()
                && !targets.isEmpty()
                && !room.isFor(message.body().remaining())) {
            return false;
        }
        if (groups.keeps(message)) {
            putBack();
            return true;
        }
        if (!targets.isEmpty()) {
            events.offer(targets, message.delivery(position));
        }
        GroupNotice groupNotice = message.groupNotice();
        if (groupNotice != null) {
            groups.apply(message, groupNotice);
            return true;
        }
        KeyNotice notice = message.notice();
        if (notice != null) {
            keyNotices.noticed(message.frame().origin().node(), notice, position);
        }
        if (message.isOwn()) {
            sends.delivered(message.number(), position, room.nextPlace());
        }
        return true;
    }

    /** What was held is next. */
    private void putBack() {
        List<Unpacked> released = groups.released();
        for (int i = released.size() - 1; i >= 0; i--) {
            unpacked.addFirst(released.get(i));
        }
    }

    private boolean dispatch(ConfigChange change) {
        if (!handles.begun().isEmpty() && !room.isFor(0)) {
            return false;
        }
        items.remove();
        keyNotices.changed(change);
        sends.changed(change, handles.all());
        handles.changed(change);
        if (change.isRegular()) {
            unpacker.dropUnfinished();
            groups.regular(change);
        } else {
            groups.transitional(change);
            putBack();
        }
        return true;
    }
}

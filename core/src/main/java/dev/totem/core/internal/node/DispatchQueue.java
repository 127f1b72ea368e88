/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupName;
import dev.totem.core.Membership;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.internal.group.EnvelopeCache;
import dev.totem.core.internal.group.GroupEnvelope;
import dev.totem.core.internal.group.GroupRouter;
import dev.totem.core.internal.group.KeyNotice;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.ordering.Restraint;
import dev.totem.core.internal.packing.Unpacker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the ring has delivered, on its way to the subscribers, in the one order. Node loop only.
 *
 * <p>Everything is handed on at once, also to a subscription that is over its limits; then the ring is held back until it is
 * not. Stands still only when the node's memory is full: what waits here is bounded by what the ring delivers until {@link
 * #restraint} takes effect, about a window.
 */
final class DispatchQueue {

    private static final int FORGOTTEN_AT_ONCE = 512;

    private final Origin self;
    private final Unpacker unpacker;
    private final PendingSends sends;
    private final NodeCounters counters;
    private final DeliveryRoom room;
    private final int holdBackFrames;

    private final GroupRouter<HandleState> router = new GroupRouter<>();
    private final Set<HandleState> handles = new LinkedHashSet<>();
    private final Queue<Item> items = new ArrayDeque<>();
    private final Queue<Unpacked> unpacked = new ArrayDeque<>();
    private final WokenLanes woken;
    private final EnvelopeCache envelopes = new EnvelopeCache();

    /** Those of closed handles that have not taken everything: the node's memory still holds it. */
    private final Set<EventSubscription> ending = new LinkedHashSet<>();

    /** Those of closed handles, whose groups are forgotten little by little. */
    private final Queue<HandleState> forgotten = new ArrayDeque<>();

    private final List<EventSubscription> awaitingRegular = new ArrayList<>();

    private KeyNotices keyNotices = new KeyNotices() {
        @Override
        public void noticed(NodeId sender, KeyNotice notice, Position position) {}

        @Override
        public void changed(ConfigChange change) {}
    };
    private volatile Membership membership;
    private @Nullable ConfigChange current;
    private boolean isStopped;
    private int delivered;
    private @Nullable List<GroupName> routedGroups;
    private List<EventSubscription> routed = List.of();

    /** Sees, in the one order, what is not for subscribers. */
    interface KeyNotices {

        void noticed(NodeId sender, KeyNotice notice, Position position);

        void changed(ConfigChange change);
    }

    /** A frame or a change; exactly one of the two. */
    private record Item(
            @Nullable RegularMessage frame, @Nullable ConfigChange change) {}

    /** @param holdBackFrames frames waiting here above which nothing more is originated */
    DispatchQueue(
            Origin self,
            Unpacker unpacker,
            PendingSends sends,
            NodeCounters counters,
            DeliveryRoom room,
            WokenLanes woken,
            int holdBackFrames) {
        this.self = self;
        this.unpacker = unpacker;
        this.sends = sends;
        this.counters = counters;
        this.room = room;
        this.woken = woken;
        this.holdBackFrames = holdBackFrames;
        membership = alone();
    }

    private Membership alone() {
        return new Membership(self.node(), new RingId(self.node(), 0), List.of(self.node()));
    }

    /** The node is in no ring any more. */
    void ended() {
        membership = alone();
    }

    /** Any thread: the regular configuration installed last; a ring of number 0 before the first and after the end. */
    Membership membership() {
        return membership;
    }

    void keyNotices(KeyNotices to) {
        keyNotices = to;
    }

    void join(HandleState handle, GroupName group) {
        router.join(handle, group);
        rerouted();
    }

    void leave(HandleState handle, GroupName group) {
        router.leave(handle, group);
        rerouted();
    }

    Set<HandleState> handles() {
        return handles;
    }

    void add(RegularMessage frame) {
        items.add(new Item(frame, null));
    }

    void add(ConfigChange change) {
        if (change.isRegular()) {
            membership = new Membership(self.node(), change.ring(), change.members());
        }
        items.add(new Item(null, change));
    }

    /** Hands on as much as there is room for. */
    void run() {
        boolean goesOn = true;
        while (goesOn && room.isOpen()) {
            Unpacked message = unpacked.peek();
            Item item = items.peek();
            if (message != null) {
                goesOn = dispatch(message);
                if (goesOn) {
                    unpacked.remove();
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
        room.review(this::holders);
    }

    /** Ends a batch: wakes the lanes that got something, once each. */
    void flush() {
        woken.flush();
        forgetSome();
        if (delivered > 0) {
            counters.delivered(delivered);
            delivered = 0;
        }
    }

    private void forgetSome() {
        HandleState closed = forgotten.peek();
        for (int i = 0; closed != null && i < FORGOTTEN_AT_ONCE; i++) {
            Optional<GroupName> group = closed.groups().poll();
            if (group.isPresent()) {
                router.leave(closed, group.get());
            } else {
                forgotten.remove();
                closed = forgotten.peek();
            }
        }
    }

    boolean isEmpty() {
        return items.isEmpty() && unpacked.isEmpty();
    }

    int backlogFrames() {
        return items.size();
    }

    /** How many messages of one publisher may be under way. */
    int bulkMax() {
        return room.bulkMax();
    }

    /** How much of the ring's traffic this node can bear: stopped from when its backlog is large until it is gone. */
    Restraint restraint() {
        isStopped = isStopped ? !isEmpty() : items.size() > holdBackFrames;
        if (isStopped) {
            return Restraint.STOPPED;
        }
        return room.isWaiting() ? Restraint.HELD_BACK : Restraint.NONE;
    }

    /** A subscription begins with the current configuration, or with the next regular one. */
    void attach(HandleState handle, EventSubscription subscription) {
        if (subscription.isOver()) {
            return;
        }
        ConfigChange now = current;
        handle.subscriptions().add(subscription);
        woken.add(handle.lane());
        rerouted();
        if (now == null) {
            return;
        }
        if (now.isRegular()) {
            offer(List.of(subscription), now.asCurrent());
        } else {
            awaitingRegular.add(subscription);
        }
    }

    void detach(HandleState handle, EventSubscription subscription) {
        handle.subscriptions().remove(subscription);
        rerouted();
        awaitingRegular.remove(subscription);
        if (subscription.isGone()) {
            ending.remove(subscription);
            handle.lane().sweep(subscription);
        }
        room.recovered(subscription);
    }

    /** A subscription that stood in the way has room again, or is finished. */
    void roomAgain(HandleState handle, EventSubscription subscription) {
        if (subscription.isFinished()) {
            ending.remove(subscription);
            handle.lane().detach(subscription);
        }
        room.recovered(subscription);
    }

    /** Enough was taken from what waits for all subscribers. */
    void memoryAgain() {
        room.memoryAgain();
    }

    /** Ends the streams of a handle that has closed ({@code reason} null) or failed. */
    void end(HandleState handle, @Nullable Throwable reason) {
        for (EventSubscription subscription : List.copyOf(handle.subscriptions())) {
            ending.add(subscription);
            subscription.end(reason);
            detach(handle, subscription);
        }
        handles.remove(handle);
        forgotten.add(handle);
        rerouted();
    }

    /** The node ends: hands on the rest in one go, past the limits; it is about a window at most. */
    void force() {
        room.force();
        run();
    }

    private void unpack(RegularMessage frame) {
        boolean isOwn = frame.origin().equals(self);
        boolean isPacket = unpacker.unpack(frame.origin(), frame.packet(), (index, number, bytes) -> {
            KeyNotice notice = KeyNotice.decode(bytes).orElse(null);
            Optional<GroupEnvelope> envelope = notice == null ? envelopes.decode(bytes) : Optional.empty();
            if (notice == null && envelope.isEmpty()) {
                counters.malformedPacket();
            }
            List<GroupName> groups = envelope.isPresent() ? envelope.get().groups() : List.of();
            Unpacked message = new Unpacked(frame, isOwn, index, number, groups, notice, bytes);
            if (!unpacked.isEmpty() || !room.isOpen() || !dispatch(message)) {
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
        List<EventSubscription> targets = targets(message.groups());
        if (!targets.isEmpty()) {
            if (!room.isFor(message.body().remaining())) {
                return false;
            }
            offer(targets, message.delivery(position));
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

    /** Who gets the messages to these groups; a run of messages to the same list looks it up once. */
    private List<EventSubscription> targets(List<GroupName> groups) {
        if (groups != routedGroups) {
            routed = groups.isEmpty() ? List.of() : subscriptions(router.targets(groups));
            routedGroups = groups;
        }
        return routed;
    }

    /** A handle joined or left a group, or a subscription came or went. */
    private void rerouted() {
        routedGroups = null;
        routed = List.of();
    }

    private boolean dispatch(ConfigChange change) {
        List<EventSubscription> targets = subscriptions(handles);
        targets.removeAll(awaitingRegular);
        if (!targets.isEmpty() && !room.isFor(0)) {
            return false;
        }
        items.remove();
        current = change;
        keyNotices.changed(change);
        offer(targets, change);
        if (change.isRegular()) {
            unpacker.dropUnfinished();
            offer(awaitingRegular, change.asCurrent());
            awaitingRegular.clear();
        }
        return true;
    }

    private void offer(List<EventSubscription> targets, EvsEvent event) {
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

    private List<EventSubscription> holders() {
        List<EventSubscription> holders = subscriptions(handles);
        holders.addAll(ending);
        return holders;
    }

    private static List<EventSubscription> subscriptions(Collection<HandleState> handles) {
        List<EventSubscription> subscriptions = new ArrayList<>();
        handles.forEach(handle -> subscriptions.addAll(handle.subscriptions()));
        return subscriptions;
    }
}

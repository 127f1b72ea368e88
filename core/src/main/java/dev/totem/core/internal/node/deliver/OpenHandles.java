/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import dev.totem.core.ConfigChange;
import dev.totem.core.internal.node.crossing.EventSubscription;
import dev.totem.core.internal.node.crossing.WokenLanes;
import dev.totem.core.internal.node.send.HandleState;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The handles of a node, and from where to where in the order their subscriptions take part. Node loop only.
 *
 * <p>A subscription begins with a regular configuration, and may have to take events for some time after it has ended. A closed
 * handle is forgotten little by little, as it may have joined many groups.
 */
public final class OpenHandles {

    private static final int FORGOTTEN_AT_ONCE = 512;

    private final Routes routes;
    private final GroupOrder groups;
    private final EventOffers events;
    private final DeliveryRoom room;
    private final WokenLanes woken;
    private final Set<HandleState> handles = new LinkedHashSet<>();

    /** Those of closed handles that have not taken everything: the node's memory still holds it. */
    private final Set<EventSubscription> ending = new LinkedHashSet<>();

    private final Queue<HandleState> forgotten = new ArrayDeque<>();
    private final Map<EventSubscription, HandleState> awaitingRegular = new LinkedHashMap<>();
    private @Nullable ConfigChange current;

    OpenHandles(Routes routes, GroupOrder groups, EventOffers events, DeliveryRoom room, WokenLanes woken) {
        this.routes = routes;
        this.groups = groups;
        this.events = events;
        this.room = room;
        this.woken = woken;
    }

    public void opened(HandleState handle) {
        handles.add(handle);
        groups.opened(handle);
    }

    public Set<HandleState> all() {
        return handles;
    }

    /** A subscription begins with the current configuration, or with the next regular one. */
    public void attach(HandleState handle, EventSubscription subscription) {
        if (subscription.isOver()) {
            return;
        }
        ConfigChange now = current;
        handle.subscriptions().add(subscription);
        woken.add(handle.lane());
        routes.changed();
        if (now == null) {
            return;
        }
        if (now.isRegular()) {
            events.offer(List.of(subscription), now.asCurrent());
            groups.current(handle, subscription);
        } else {
            awaitingRegular.put(subscription, handle);
        }
    }

    public void detach(HandleState handle, EventSubscription subscription) {
        handle.subscriptions().remove(subscription);
        routes.changed();
        awaitingRegular.remove(subscription);
        if (subscription.isGone()) {
            ending.remove(subscription);
            handle.lane().sweep(subscription);
        }
        room.recovered(subscription);
    }

    /** A subscription that stood in the way has room again, or is finished. */
    public void roomAgain(HandleState handle, EventSubscription subscription) {
        if (subscription.isFinished()) {
            ending.remove(subscription);
            handle.lane().detach(subscription);
        }
        room.recovered(subscription);
    }

    /** Ends the streams of a handle that has closed ({@code reason} null) or failed. */
    public void end(HandleState handle, @Nullable Throwable reason) {
        for (EventSubscription subscription : List.copyOf(handle.subscriptions())) {
            ending.add(subscription);
            subscription.end(reason);
            detach(handle, subscription);
        }
        handles.remove(handle);
        groups.ended(handle);
        forgotten.add(handle);
        routes.changed();
    }

    /** The subscriptions that have begun. */
    List<EventSubscription> begun() {
        List<EventSubscription> begun = Routes.subscriptions(handles);
        begun.removeAll(awaitingRegular.keySet());
        return begun;
    }

    /** Whoever has something in his queue. */
    List<EventSubscription> holders() {
        List<EventSubscription> holders = Routes.subscriptions(handles);
        holders.addAll(ending);
        return holders;
    }

    /** Tells those that have begun of a change; with a regular one, those that wait for it begin. */
    void changed(ConfigChange change) {
        current = change;
        events.offer(begun(), change);
        if (change.isRegular()) {
            events.offer(List.copyOf(awaitingRegular.keySet()), change.asCurrent());
            awaitingRegular.forEach((subscription, handle) -> groups.current(handle, subscription));
            awaitingRegular.clear();
        }
    }

    /** Forgets some of what closed handles had joined. */
    void forgetSome() {
        HandleState closed = forgotten.peek();
        for (int i = 0; closed != null && i < FORGOTTEN_AT_ONCE; i++) {
            if (!routes.forget(closed)) {
                forgotten.remove();
                closed = forgotten.peek();
            }
        }
    }
}

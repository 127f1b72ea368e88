/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.EvsEvent;
import dev.totem.core.OverflowPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the dispatch may hand on its next event: every subscription that holds back has room in its queue, and the node
 * has memory for it. Node loop only.
 */
final class DeliveryRoom {

    private final SlowSubscribers slow;
    private final DeliveryMemory memory;
    private boolean awaitsMemory;
    private @Nullable EventSubscription laggard;
    private boolean isForced;

    DeliveryRoom(SlowSubscribers slow, DeliveryMemory memory) {
        this.slow = slow;
        this.memory = memory;
    }

    /** Whether nothing is waited for. */
    boolean isOpen() {
        return slow.isEmpty() && !awaitsMemory;
    }

    /**
     * Whether an event can be handed on; if not, who stands in the way is noted.
     *
     * @param holders whoever has something in his queue, asked for when the node's memory is full
     */
    boolean isFor(List<EventSubscription> targets, int payloadBytes, Supplier<List<EventSubscription>> holders) {
        if (isForced || targets.isEmpty()) {
            return true;
        }
        boolean isFree = true;
        for (EventSubscription subscription : targets) {
            isFree &= subscription.hasRoomFor(payloadBytes) || !slow.stands(subscription, payloadBytes);
        }
        return isFree && hasMemory(payloadBytes, holders);
    }

    /** Whether one subscription takes an event that the dispatch hands on. */
    boolean admits(EventSubscription subscription, EvsEvent event) {
        return isForced || subscription.hasRoomFor(DeliveryMemory.payloadBytes(event));
    }

    DeliveryMemory.Held hold(EvsEvent event, int holders) {
        return memory.hold(event, holders);
    }

    /** A subscription is offered nothing any more; what it holds is freed a little later. */
    void gone(EventSubscription subscription) {
        slow.recovered(subscription);
    }

    /** A subscription has room again, or holds nothing any more. */
    void recovered(EventSubscription subscription) {
        slow.recovered(subscription);
        if (subscription.equals(laggard)) {
            laggard = null;
            awaitsMemory = false;
        }
    }

    /** The memory has room again. */
    void memoryAgain() {
        awaitsMemory = false;
        EventSubscription waitedFor = laggard;
        laggard = null;
        if (waitedFor != null) {
            slow.recovered(waitedFor);
        }
    }

    /** From now on limits do not matter; those that are waited for end. */
    void force(String limit) {
        isForced = true;
        awaitsMemory = false;
        slow.endAll(limit);
    }

    /** The memory of a node is full because of who has the most in his queue: his is the stall limit, or the end. */
    private boolean hasMemory(int payloadBytes, Supplier<List<EventSubscription>> holders) {
        if (memory.hasRoomFor(payloadBytes) || memory.starve()) {
            return true;
        }
        awaitsMemory = true;
        holders.get().stream()
                .max(Comparator.comparingLong(EventSubscription::waitingBytes))
                .ifPresent(this::waitFor);
        return false;
    }

    private void waitFor(EventSubscription subscription) {
        laggard = subscription;
        if (subscription.policy() == OverflowPolicy.FAIL) {
            subscription.endSlow("the node's memory for deliveries is full");
        } else {
            slow.waitsFor(subscription);
        }
    }
}

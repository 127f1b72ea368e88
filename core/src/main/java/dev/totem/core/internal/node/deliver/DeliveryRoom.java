/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import dev.totem.core.EvsEvent;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.internal.node.crossing.DeliveryMemory;
import dev.totem.core.internal.node.crossing.EventSubscription;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who stands in the way of the ring. Node loop only.
 *
 * <p>A subscription that is over its limits, or that has the most when the node's memory becomes scarce, is waited for: the
 * ring is held back, and what comes until it stands still is handed on all the same, so that nobody waits for anybody else.
 * Only where there is no memory left the dispatch stands still too.
 */
public final class DeliveryRoom {

    private static final int BULK_WHILE_WAITING = 4;

    private final SlowSubscribers slow;
    private final DeliveryMemory memory;
    private boolean isFull;
    private boolean isCrowded;
    private @Nullable EventSubscription laggard;
    private boolean isForced;

    public DeliveryRoom(SlowSubscribers slow, DeliveryMemory memory) {
        this.slow = slow;
        this.memory = memory;
    }

    /** Whether events can be handed on, as far as is known. */
    boolean isOpen() {
        return !isFull;
    }

    /** Whether somebody is waited for. */
    boolean isWaiting() {
        return isFull || isCrowded || !slow.isEmpty();
    }

    /** How many messages of one publisher may be under way: a few while somebody is waited for, as he may wait for them. */
    int bulkMax() {
        if (!isWaiting()) {
            return Integer.MAX_VALUE;
        }
        return isCrowded || slow.isFarBehind() ? 0 : BULK_WHILE_WAITING;
    }

    /** Whether there is memory for an event; if not, there will be news of it. */
    boolean isFor(int payloadBytes) {
        if (isForced || memory.hasRoomFor(payloadBytes) || memory.starve()) {
            return true;
        }
        isFull = true;
        isCrowded = true;
        return false;
    }

    /** Whether a subscription takes an event; if it is over its limits and takes it all the same, it is waited for. */
    boolean admits(EventSubscription subscription, EvsEvent event) {
        if (isForced || subscription.hasRoomFor(DeliveryMemory.payloadBytes(event))) {
            return true;
        }
        boolean holdsBack = subscription.policy() == OverflowPolicy.HOLD_BACK;
        if (holdsBack && !subscription.starve()) {
            slow.waitsFor(subscription);
        }
        return holdsBack;
    }

    DeliveryMemory.Held hold(EvsEvent event, int holders) {
        return memory.hold(event, holders);
    }

    /** The place in the order of the event that is held next. */
    int nextPlace() {
        return memory.nextPlace();
    }

    /**
     * Ends a batch: while memory is scarce, who has the most in his queue is waited for, or ends if that is his policy.
     *
     * @param holders whoever has something in his queue
     */
    void review(Supplier<List<EventSubscription>> holders) {
        if (!isCrowded && memory.isCrowded() && !isForced) {
            isCrowded = !memory.starve();
        }
        if (isCrowded && laggard == null) {
            holders.get().stream()
                    .filter(subscription -> !subscription.isGone())
                    .max(Comparator.comparingLong(EventSubscription::waitingBytes))
                    .ifPresent(this::waitFor);
        }
    }

    /** A subscription has room again, or is offered nothing any more. */
    void recovered(EventSubscription subscription) {
        slow.recovered(subscription);
        if (subscription.equals(laggard)) {
            laggard = null;
        }
    }

    /** The memory has room again. */
    void memoryAgain() {
        isFull = false;
        isCrowded = false;
        EventSubscription waitedFor = laggard;
        laggard = null;
        if (waitedFor != null && !waitedFor.isStarved()) {
            slow.recovered(waitedFor);
        }
    }

    /** From now on limits do not matter. */
    void force() {
        isForced = true;
        isFull = false;
    }

    private void waitFor(EventSubscription subscription) {
        if (subscription.policy() == OverflowPolicy.FAIL) {
            subscription.endSlow("the node's memory for deliveries is full");
        } else {
            laggard = subscription;
            slow.waitsFor(subscription);
        }
    }
}

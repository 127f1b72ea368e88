/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The subscriptions that hold the ring back, and since when each has taken nothing. Node loop only.
 *
 * <p>Whoever takes an event, however slowly, is not ended. Nor is he whose thread another one blocks, of the same handle or of
 * another: {@link LaneWatch} finds him another thread.
 */
final class SlowSubscribers {

    private final Map<EventSubscription, Wait> waits = new LinkedHashMap<>();
    private final Duration stallLimit;
    private final LongSupplier nowNanos;

    /**
     * What is known of one.
     *
     * @param given what he had been given when the wait began
     * @param passes of his lane by then
     */
    private record Wait(long deadlineNanos, long given, int passes) {}

    SlowSubscribers(Duration stallLimit, LongSupplier nowNanos) {
        this.stallLimit = stallLimit;
        this.nowNanos = nowNanos;
    }

    /** Whether nobody is waited for. */
    boolean isEmpty() {
        return waits.isEmpty();
    }

    /** Whether one is so far behind that what fills the queues has to stop. */
    boolean isFarBehind() {
        return waits.keySet().stream().anyMatch(EventSubscription::isFarBehind);
    }

    /** A subscription is waited for, unless it is already. */
    void waitsFor(EventSubscription subscription) {
        if (!waits.containsKey(subscription)) {
            await(subscription);
        }
    }

    /** A subscription has room again, or is gone. */
    void recovered(EventSubscription subscription) {
        waits.remove(subscription);
    }

    long nextDeadlineNanos() {
        return waits.values().stream().mapToLong(Wait::deadlineNanos).min().orElse(Long.MAX_VALUE);
    }

    /** Ends those that have taken nothing for too long. */
    void expire() {
        long now = nowNanos.getAsLong();
        for (Map.Entry<EventSubscription, Wait> entry : List.copyOf(waits.entrySet())) {
            if (entry.getValue().deadlineNanos() <= now) {
                expire(entry.getKey(), entry.getValue());
            }
        }
    }

    private void expire(EventSubscription subscription, Wait wait) {
        waits.remove(subscription);
        boolean comesOn = subscription.given() != wait.given();
        if (comesOn || subscription.lane().isKeptFrom(subscription, wait.passes())) {
            await(subscription);
        } else {
            subscription.endSlow(
                    "it took nothing for stall-limit " + stallLimit.toMillis() + " ms and held the ring back");
        }
    }

    private void await(EventSubscription subscription) {
        long deadlineNanos = nowNanos.getAsLong() + stallLimit.toNanos();
        waits.put(
                subscription,
                new Wait(
                        deadlineNanos, subscription.given(), subscription.lane().passes()));
    }
}

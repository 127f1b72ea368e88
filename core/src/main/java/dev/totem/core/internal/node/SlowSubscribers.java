/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.OverflowPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The subscriptions that the dispatch waits for, and since when. Node loop only. */
final class SlowSubscribers {

    private final Map<EventSubscription, Long> deadlines = new LinkedHashMap<>();
    private final Duration stallLimit;
    private final LongSupplier nowNanos;

    SlowSubscribers(Duration stallLimit, LongSupplier nowNanos) {
        this.stallLimit = stallLimit;
        this.nowNanos = nowNanos;
    }

    /** Whether nobody is waited for. */
    boolean isEmpty() {
        return deadlines.isEmpty();
    }

    /** A subscription has no room for an event with this payload: says whether it is waited for. */
    boolean stands(EventSubscription subscription, int payloadBytes) {
        if (subscription.policy() == OverflowPolicy.FAIL || subscription.starve(payloadBytes)) {
            return false;
        }
        waitsFor(subscription);
        return true;
    }

    /** A subscription is waited for, unless it is already. */
    void waitsFor(EventSubscription subscription) {
        deadlines.putIfAbsent(subscription, nowNanos.getAsLong() + stallLimit.toNanos());
    }

    /** A subscription has room again, or is gone. */
    void recovered(EventSubscription subscription) {
        deadlines.remove(subscription);
    }

    long nextDeadlineNanos() {
        return deadlines.values().stream().findFirst().orElse(Long.MAX_VALUE);
    }

    /** Ends those that were waited for too long. */
    void expire() {
        long now = nowNanos.getAsLong();
        for (Map.Entry<EventSubscription, Long> entry : List.copyOf(deadlines.entrySet())) {
            if (entry.getValue() <= now) {
                deadlines.remove(entry.getKey());
                entry.getKey().endSlow("it held the ring back for stall-limit " + stallLimit.toMillis() + " ms");
            }
        }
    }

    void endAll(String limit) {
        List<EventSubscription> all = List.copyOf(deadlines.keySet());
        deadlines.clear();
        all.forEach(subscription -> subscription.endSlow(limit));
    }
}

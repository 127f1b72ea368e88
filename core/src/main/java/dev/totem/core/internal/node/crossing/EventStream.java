/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.core.SlowSubscriberException;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** The publisher behind {@code EvsHandle.events()}: one {@link EventSubscription} a subscriber. Any thread. */
public final class EventStream extends Flux<EvsEvent> {

    private final HandleLane lane;
    private final SubscriberLimits limits;
    private final Feed feed;

    /** Where subscriptions get their events from. Any thread; what it does, it does on the loop. */
    public interface Feed {

        /** Begins to offer events, from the current configuration on. */
        void attach(EventSubscription subscription);

        /** Offers no more. */
        void detach(EventSubscription subscription);

        /** On the loop: a subscriber is told that it did not keep up. */
        default void slow(SlowSubscriberException reason) {}

        /** A starved subscription has room again, or one is finished and need not be served any more. */
        void roomAgain(EventSubscription subscription);

        /** A subscriber is about to be given this, on its thread. */
        default void given(GroupChange change, int place) {}
    }

    private EventStream(HandleLane lane, SubscriberLimits limits, Feed feed) {
        this.lane = lane;
        this.limits = limits;
        this.feed = feed;
    }

    public static Flux<EvsEvent> of(HandleLane lane, SubscriberLimits limits, Feed feed) {
        return onAssembly(new EventStream(lane, limits, feed));
    }

    @Override
    public void subscribe(CoreSubscriber<? super EvsEvent> actual) {
        if (lane.wouldWaitForItself(actual)) {
            Operators.error(actual, new IllegalStateException(HandleLane.WAITS_FOR_ITSELF));
            return;
        }
        EventSubscription subscription = new EventSubscription(actual, lane, limits, feed);
        actual.onSubscribe(subscription);
        feed.attach(subscription);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsEvent;
import dev.totem.core.NodeId;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.RingId;
import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.Test;
import reactor.core.scheduler.Schedulers;

/** The Reactive Streams TCK for the one publisher written by hand. */
@Test
public class EventStreamTckTest extends PublisherVerification<EvsEvent> {

    private static final SubscriberLimits LIMITS = new SubscriberLimits(OverflowPolicy.HOLD_BACK, 64, 1 << 20);

    public EventStreamTckTest() {
        super(new TestEnvironment(1_000, 200));
    }

    @Override
    public Publisher<EvsEvent> createPublisher(long elements) {
        return new EventStream(
                new HandleLane(Schedulers.parallel().createWorker()), LIMITS, new CountingFeed(elements));
    }

    @Override
    public Publisher<EvsEvent> createFailedPublisher() {
        return new EventStream(new HandleLane(Schedulers.parallel().createWorker()), LIMITS, new CountingFeed(-1));
    }

    /** A loop of its own that offers so many events as room comes, and fails at once for -1. */
    private static final class CountingFeed implements EventStream.Feed {

        private static final EvsEvent EVENT =
                ConfigChange.regular(new RingId(NodeId.of(1), 4), List.of(NodeId.of(1)), List.of());

        private long left;

        CountingFeed(long elements) {
            left = elements;
        }

        @Override
        public void attach(EventSubscription subscription) {
            Schedulers.single().schedule(() -> offer(subscription));
        }

        @Override
        public void roomAgain(EventSubscription subscription) {
            Schedulers.single().schedule(() -> offer(subscription));
        }

        @Override
        public void detach(EventSubscription subscription) {}

        private void offer(EventSubscription subscription) {
            if (left < 0) {
                subscription.end(new IllegalStateException("failed on purpose"));
                return;
            }
            while (left > 0 && !subscription.isOver()) {
                if (!subscription.hasRoomFor(0) && !subscription.starve(0)) {
                    subscription.wake();
                    return;
                }
                subscription.offer(EVENT);
                left--;
            }
            if (left == 0) {
                subscription.end(null);
            }
            subscription.wake();
        }
    }
}

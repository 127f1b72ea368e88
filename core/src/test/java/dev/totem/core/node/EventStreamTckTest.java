/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsEvent;
import dev.totem.core.NodeId;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.RingId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.Test;
import reactor.core.scheduler.Schedulers;

/** The Reactive Streams TCK for {@code events()}, with a loop that offers what there is room for. */
@Test
public class EventStreamTckTest extends PublisherVerification<EvsEvent> {

    private static final SubscriberLimits LIMITS = new SubscriberLimits(OverflowPolicy.HOLD_BACK, 64, 1 << 20);

    public EventStreamTckTest() {
        super(new TestEnvironment(1_000, 200));
    }

    @Override
    public Publisher<EvsEvent> createPublisher(long elements) {
        return EventStream.of(lane(), LIMITS, new CountingFeed(elements));
    }

    @Override
    public Publisher<EvsEvent> createFailedPublisher() {
        return EventStream.of(lane(), LIMITS, new CountingFeed(-1));
    }

    private static HandleLane lane() {
        return new HandleLane(Schedulers.parallel(), Schedulers.parallel().createWorker());
    }

    /** A loop of its own that offers each subscriber so many events as room comes, and fails at once for -1. */
    private static final class CountingFeed implements EventStream.Feed {

        private static final EvsEvent EVENT =
                ConfigChange.regular(new RingId(NodeId.of(1), 4), List.of(NodeId.of(1)), List.of());

        private final DeliveryMemory memory = new DeliveryMemory(1 << 20);
        private final long elements;
        private final Map<EventSubscription, Long> left = new ConcurrentHashMap<>();

        CountingFeed(long elements) {
            this.elements = elements;
        }

        @Override
        public void attach(EventSubscription subscription) {
            left.put(subscription, elements);
            Schedulers.single().schedule(() -> offer(subscription));
        }

        @Override
        public void roomAgain(EventSubscription subscription) {
            Schedulers.single().schedule(() -> offer(subscription));
        }

        @Override
        public void detach(EventSubscription subscription) {
            left.remove(subscription);
            Schedulers.single().schedule(subscription::detached);
        }

        private void offer(EventSubscription subscription) {
            long more = left.getOrDefault(subscription, 0L);
            if (more < 0) {
                subscription.end(new IllegalStateException("failed on purpose"));
                return;
            }
            while (more > 0 && !subscription.isOver()) {
                if (!subscription.hasRoomFor(0) && !subscription.starve(0)) {
                    left.replace(subscription, more);
                    subscription.wake();
                    return;
                }
                subscription.offer(memory.hold(EVENT, 1));
                more--;
            }
            subscription.end(null);
        }
    }
}

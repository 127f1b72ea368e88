/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.internal.node.LiveNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

class OutcomeRunTest {

    private final List<Long> told = new ArrayList<>();
    private final HandleLane lane = new HandleLane(
            new LaneScheduler(
                    Schedulers.immediate(), Schedulers.immediate().createWorker(), new LiveNode.Loop(), thrown -> {}),
            LaneWatch.NONE);

    private class Publisher {

        private final long throwsAt;

        Publisher(long throwsAt) {
            this.throwsAt = throwsAt;
        }

        void sent(long place) {
            told.add(place);
            if (place == throwsAt) {
                throw new IllegalStateException("at " + place);
            }
        }
    }

    private record Sent(Publisher whom, long place, int after) implements OrderedSignal {

        @Override
        public void emit() {
            whom.sent(place);
        }

        @Override
        public Context currentContext() {
            return Context.empty();
        }
    }

    private static OrderedSignal sent(Publisher publisher, long place) {
        return new Sent(publisher, place, 0);
    }

    @Test
    void tellsThoseBehindOneThatThrows() {
        Publisher publisher = new Publisher(2);
        OutcomeRun run = new OutcomeRun();
        run.begin(sent(publisher, 1));
        run.add(sent(publisher, 2));
        run.add(sent(publisher, 3));

        assertThatThrownBy(run::emit).hasMessage("at 2");

        assertThat(told).containsExactly(1L, 2L, 3L);
        assertThat(run.rest()).isEmpty();
    }

    /** Of two sends of a publisher, where an event stands before the second and is asked for as the first is signalled. */
    @Test
    void doesNotOvertakeAnEventThatIsAskedForMeanwhile() {
        List<String> order = new ArrayList<>();
        DeliveryMemory memory = new DeliveryMemory(1 << 20);
        SubscriberLimits limits = new SubscriberLimits(OverflowPolicy.HOLD_BACK, 1 << 14, 1 << 20);
        BaseSubscriber<EvsEvent> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(EvsEvent event) {
                order.add("event");
            }
        };
        List<EventSubscription> attached = new ArrayList<>();
        EventStream.of(lane, limits, new EventStream.Feed() {
                    @Override
                    public void attach(EventSubscription subscription) {
                        attached.add(subscription);
                        lane.attach(subscription);
                    }

                    @Override
                    public void detach(EventSubscription subscription) {}

                    @Override
                    public void roomAgain(EventSubscription subscription) {}
                })
                .subscribe(subscriber);
        Publisher publisher = new Publisher(0) {
            @Override
            void sent(long place) {
                order.add("sent " + place);
                subscriber.request(1);
            }
        };

        lane.came(sent(publisher, 1));
        attached.get(0)
                .offer(memory.hold(
                        new Delivery(
                                NodeId.of(1),
                                List.of(GroupName.of("g")),
                                Guarantee.AGREED,
                                new Position(new RingId(NodeId.of(1), 4), 1, 0),
                                new byte[1]),
                        1));
        lane.came(new Sent(publisher, 2, memory.nextPlace()));
        lane.wake();

        assertThat(order).containsExactly("sent 1", "event", "sent 2");
    }

    @Test
    void isOfOnePublisherAndAHandAtMost() {
        Publisher publisher = new Publisher(0);
        OutcomeRun run = new OutcomeRun();
        run.begin(sent(publisher, 1));

        assertThat(run.accepts(sent(new Publisher(0), 2))).isFalse();
        for (int place = 2; place <= LaneSlice.HAND; place++) {
            assertThat(run.accepts(sent(publisher, place))).isTrue();
            run.add(sent(publisher, place));
        }
        assertThat(run.accepts(sent(publisher, LaneSlice.HAND + 1))).isFalse();
    }
}

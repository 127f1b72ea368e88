/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** When the loop learns what a subscriber has taken: loop and lane are the thread of the test. */
class EventSubscriptionTest {

    private static final int PAYLOAD_BYTES = 1_000;
    private static final int EVENTS_MAX = 64;

    /** So much may have been taken and not be published, {@code EventSubscription.FREED_BYTES}, and the event that fills it. */
    private static final long UNPUBLISHED_BYTES_MAX = (32 << 10) + 2 * PAYLOAD_BYTES;

    private final DeliveryMemory memory = new DeliveryMemory(1 << 20);
    private Taker taker = new Taker();
    private final List<EventSubscription> attached = new ArrayList<>();
    private int roomsAgain;
    private int seenAtRoom;

    /** Requests what the test says, and notes what the node's memory holds at each event. */
    private final class Taker extends BaseSubscriber<EvsEvent> {

        private final List<Long> usedAtEvent = new ArrayList<>();
        private int cancelAt = Integer.MAX_VALUE;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(EvsEvent event) {
            usedAtEvent.add(memory.usedBytes());
            if (usedAtEvent.size() == cancelAt) {
                cancel();
            }
        }
    }

    private final class StillFeed implements EventStream.Feed {

        @Override
        public void attach(EventSubscription subscription) {
            attached.add(subscription);
            subscription.lane().attach(subscription);
        }

        @Override
        public void detach(EventSubscription subscription) {
            subscription.lane().sweep(subscription);
        }

        @Override
        public void roomAgain(EventSubscription subscription) {
            roomsAgain++;
            seenAtRoom = taker.usedAtEvent.size();
        }
    }

    @BeforeEach
    void subscribes() {
        subscribe(EVENTS_MAX);
    }

    private void subscribe(int eventsMax) {
        HandleLane lane = new HandleLane(
                new LaneScheduler(
                        Schedulers.immediate(),
                        Schedulers.immediate().createWorker(),
                        new LiveNode.Loop(),
                        thrown -> {}),
                LaneWatch.NONE);
        SubscriberLimits limits = new SubscriberLimits(OverflowPolicy.HOLD_BACK, eventsMax, 1 << 20);
        attached.clear();
        EventStream.of(lane, limits, new StillFeed()).subscribe(taker);
    }

    private EventSubscription subscription() {
        return attached.get(0);
    }

    private void offer(int events, int holders) {
        for (int seq = 1; seq <= events; seq++) {
            Delivery delivery = new Delivery(
                    NodeId.of(1),
                    List.of(GroupName.of("g")),
                    Guarantee.AGREED,
                    new Position(new RingId(NodeId.of(1), 4), seq, 0),
                    new byte[PAYLOAD_BYTES]);
            DeliveryMemory.Held held = memory.hold(delivery, holders);
            attached.forEach(subscription -> subscription.offer(held));
        }
        attached.forEach(subscription -> subscription.lane().wake());
    }

    @Test
    void whatWasTakenIsFreeAtTheEndOfTheBatch() {
        taker.request(10);

        offer(10, 1);

        assertThat(taker.usedAtEvent).hasSize(10);
        assertThat(memory.usedBytes()).isZero();
        assertThat(subscription().waitingBytes()).isZero();
    }

    @Test
    void whatWasTakenIsFreeAtTheEndOfTheDemand() {
        offer(10, 1);
        long each = memory.usedBytes() / 10;

        taker.request(4);

        assertThat(memory.usedBytes()).isEqualTo(6 * each);
        assertThat(subscription().waitingBytes()).isEqualTo(6 * PAYLOAD_BYTES);
    }

    @Test
    void whoCancelsAmidAHandGetsNoMoreOfIt() {
        taker = new Taker();
        subscribe(1 << 14);
        taker.cancelAt = 3;
        taker.requestUnbounded();

        offer(LaneSlice.HAND, 1);

        assertThat(taker.usedAtEvent).hasSize(3);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void aHandIsNoMoreThanWhatIsAskedFor() {
        taker = new Taker();
        subscribe(1 << 14);
        offer(LaneSlice.HAND, 1);

        taker.request(3);

        assertThat(taker.usedAtEvent).hasSize(3);
        assertThat(subscription().waitingBytes()).isEqualTo((LaneSlice.HAND - 3) * PAYLOAD_BYTES);
    }

    @Test
    void aLongBatchFreesAsItGoes() {
        int events = 600;
        taker.requestUnbounded();

        offer(events, 1);

        assertThat(taker.usedAtEvent).hasSize(events);
        long each = taker.usedAtEvent.get(0) / events;
        for (int taken = 1; taken <= events; taken++) {
            long unpublished = taker.usedAtEvent.get(taken - 1) - (events - taken) * each;
            assertThat(unpublished).as("after %d", taken).isBetween(0L, UNPUBLISHED_BYTES_MAX);
        }
    }

    @Test
    void aLoopThatWaitsIsToldAsSoonAsThereIsRoom() {
        offer(EVENTS_MAX, 1);
        assertThat(subscription().hasRoomFor(PAYLOAD_BYTES)).isFalse();
        assertThat(subscription().starve()).isFalse();

        taker.request(EVENTS_MAX);

        assertThat(roomsAgain).isEqualTo(1);
        assertThat(seenAtRoom).isEqualTo(EVENTS_MAX / 2 - 1);
        assertThat(subscription().hasRoomFor(PAYLOAD_BYTES)).isTrue();
    }

    @Test
    void anEventIsFreeWhenTheLastOfItsSubscribersHasTakenIt() {
        HandleLane lane = new HandleLane(
                new LaneScheduler(
                        Schedulers.immediate(),
                        Schedulers.immediate().createWorker(),
                        new LiveNode.Loop(),
                        thrown -> {}),
                LaneWatch.NONE);
        Taker second = new Taker();
        EventStream.of(lane, new SubscriberLimits(OverflowPolicy.HOLD_BACK, EVENTS_MAX, 1 << 20), new StillFeed())
                .subscribe(second);
        offer(5, 2);
        long all = memory.usedBytes();

        taker.request(5);
        assertThat(memory.usedBytes()).isEqualTo(all);
        second.request(5);

        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void whoCancelsInsideABatchHoldsNothingAfterIt() {
        taker.cancelAt = 3;
        taker.requestUnbounded();

        offer(10, 1);

        assertThat(taker.usedAtEvent).hasSize(3);
        assertThat(memory.usedBytes()).isZero();
    }

    /** The loop may still offer to one that a turn has just finished, and forget it before that turn looks again. */
    @Test
    void whatWasOfferedIsFreeThoughTheSubscriptionIsServedNoMoreWhenTheTurnLooks() {
        AtomicReference<Runnable> loop = new AtomicReference<>(() -> {});
        Scheduler asksTheClockInATurn = new Scheduler() {
            @Override
            public Disposable schedule(Runnable task) {
                return Schedulers.immediate().schedule(task);
            }

            @Override
            public Worker createWorker() {
                return Schedulers.immediate().createWorker();
            }

            @Override
            public long now(TimeUnit unit) {
                loop.getAndSet(() -> {}).run();
                return 0;
            }
        };
        HandleLane lane = new HandleLane(
                new LaneScheduler(
                        asksTheClockInATurn, asksTheClockInATurn.createWorker(), new LiveNode.Loop(), thrown -> {}),
                LaneWatch.NONE);
        attached.clear();
        EventStream.of(lane, new SubscriberLimits(OverflowPolicy.HOLD_BACK, EVENTS_MAX, 1 << 20), new StillFeed())
                .subscribe(new Taker());
        offer(1, 1);
        loop.set(() -> {
            subscription().cancel();
            lane.detach(subscription());
        });

        lane.wake();

        assertThat(memory.usedBytes()).isZero();
    }
}

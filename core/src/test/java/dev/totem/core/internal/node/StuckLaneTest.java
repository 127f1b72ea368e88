/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** A lane whose scheduler runs nothing: who is signalled elsewhere, and who is called slow. All threads are the test's. */
class StuckLaneTest {

    private static final long STALL_NANOS = 500;
    private static final int PAYLOAD_BYTES = 1_000;

    private final Queue<Runnable> onWorkers = new ArrayDeque<>();
    private final Queue<Runnable> elsewhere = new ArrayDeque<>();
    private final DeliveryMemory memory = new DeliveryMemory(PAYLOAD_BYTES);
    private final HandleLane lane = lane();
    private final List<EventSubscription> subscriptions = new ArrayList<>();
    private final List<EvsEvent> seen = new ArrayList<>();
    private final AtomicReference<Throwable> error = new AtomicReference<>();
    private Runnable onEvent = () -> {};

    private HandleLane lane() {
        Scheduler scheduler = Schedulers.fromExecutor(onWorkers::add);
        LiveNode.Loop loop = new LiveNode.Loop() {
            @Override
            public void scheduleElsewhere(Duration delay, Runnable task) {
                elsewhere.add(task);
            }
        };
        return new HandleLane(
                new LaneScheduler(scheduler, scheduler.createWorker(), loop, thrown -> {}), LaneWatch.NONE);
    }

    private final class PlainFeed implements EventStream.Feed {

        @Override
        public void attach(EventSubscription subscription) {
            subscriptions.add(subscription);
            lane.attach(subscription);
        }

        @Override
        public void detach(EventSubscription subscription) {}

        @Override
        public void roomAgain(EventSubscription subscription) {}
    }

    private EventSubscription subscribe() {
        SubscriberLimits limits = new SubscriberLimits(OverflowPolicy.HOLD_BACK, 64, 1 << 20);
        EventStream.of(lane, limits, new PlainFeed()).subscribe(new BaseSubscriber<EvsEvent>() {
            @Override
            protected void hookOnNext(EvsEvent event) {
                seen.add(event);
                onEvent.run();
            }

            @Override
            protected void hookOnError(Throwable reason) {
                error.set(reason);
            }
        });
        return subscriptions.get(subscriptions.size() - 1);
    }

    private void offer(EventSubscription subscription) {
        Delivery delivery = new Delivery(
                NodeId.of(1),
                List.of(GroupName.of("g")),
                Guarantee.AGREED,
                new Position(new RingId(NodeId.of(1), 4), 1, 0),
                new byte[PAYLOAD_BYTES]);
        subscription.offer(memory.hold(delivery, 1));
    }

    /** As the watch does when it has seen nothing come on at two looks. */
    private void moveElsewhere() {
        lane.passBy(lane.turnUnderWay(), false);
        lane.passBy(lane.turnUnderWay(), true);
    }

    @Test
    void whatWasMovedElsewhereStaysThereThoughTheLoopSweepsInBetween() {
        EventSubscription swept = subscribe();
        List<String> ran = new ArrayList<>();
        offer(swept);
        lane.schedule("one", Context::empty, () -> ran.add("one"));
        moveElsewhere();
        assertThat(memory.starve()).isFalse();
        memory.whenRoom(() -> elsewhere.remove().run());

        swept.cancel();
        lane.sweep(swept);

        assertThat(elsewhere).hasSize(1);
        elsewhere.remove().run();
        assertThat(ran).containsExactly("one");
    }

    @Test
    void whoseTurnHasJustComeIsNotCalledSlowForTheTimeBeforeIt() {
        AtomicLong clock = new AtomicLong();
        SlowSubscribers slow = new SlowSubscribers(Duration.ofNanos(STALL_NANOS), clock::get);
        EventSubscription victim = subscribe();
        offer(victim);
        lane.wake();
        slow.waitsFor(victim);
        onEvent = () -> {
            clock.set(STALL_NANOS);
            slow.expire();
        };

        moveElsewhere();
        elsewhere.remove().run();

        assertThat(seen).hasSize(1);
        assertThat(error).hasNullValue();
    }

    @Test
    void whoDoesNotComeBackFromItsOwnTurnIsCalledSlow() {
        AtomicLong clock = new AtomicLong();
        SlowSubscribers slow = new SlowSubscribers(Duration.ofNanos(STALL_NANOS), clock::get);
        EventSubscription stuck = subscribe();
        offer(stuck);
        lane.wake();
        slow.waitsFor(stuck);
        onEvent = () -> {
            lane.passBy(lane.turnUnderWay(), false);
            clock.set(STALL_NANOS);
            slow.expire();
            assertThat(stuck.isGone()).isTrue();
        };

        onWorkers.remove().run();

        assertThat(seen).hasSize(1);
        assertThat(slow.isEmpty()).isTrue();
    }
}

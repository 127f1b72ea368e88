/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.internal.node.LiveNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A lane whose scheduler runs nothing before the test does: all threads are the test's. */
public final class StuckLane {

    private static final int PAYLOAD_BYTES = 1_000;

    private final Queue<Runnable> onWorkers = new ArrayDeque<>();
    private final Queue<Runnable> elsewhere = new ArrayDeque<>();
    private final DeliveryMemory memory = new DeliveryMemory(PAYLOAD_BYTES);
    private final HandleLane lane = lane();
    private final List<EventSubscription> subscriptions = new ArrayList<>();
    private final List<EvsEvent> seen = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
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

    public EventSubscription subscribe() {
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

    public void offer(EventSubscription subscription) {
        Delivery delivery = new Delivery(
                NodeId.of(1),
                List.of(GroupName.of("g")),
                Guarantee.AGREED,
                new Position(new RingId(NodeId.of(1), 4), 1, 0),
                new byte[PAYLOAD_BYTES]);
        subscription.offer(memory.hold(delivery, 1));
    }

    public void wake() {
        lane.wake();
    }

    /** As the watch does when it has seen nothing come on. */
    public void passBy() {
        lane.passBy(lane.turnUnderWay(), false);
    }

    /** As the watch does when it has seen nothing come on at two looks. */
    public void moveElsewhere() {
        passBy();
        lane.passBy(lane.turnUnderWay(), true);
    }

    public void runOnWorker() {
        onWorkers.remove().run();
    }

    public void runElsewhere() {
        elsewhere.remove().run();
    }

    /** What subscribers do with each event. */
    public void onEvent(Runnable action) {
        onEvent = action;
    }

    public List<EvsEvent> seen() {
        return List.copyOf(seen);
    }

    /** What a subscriber ended with. */
    public @Nullable Throwable error() {
        return error.get();
    }

    HandleLane handleLane() {
        return lane;
    }

    DeliveryMemory memory() {
        return memory;
    }

    int waitingElsewhere() {
        return elsewhere.size();
    }
}

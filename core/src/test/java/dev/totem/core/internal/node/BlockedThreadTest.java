/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.Settings;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** Subscribers that keep the thread they are called in, for long or for ever, or throw in it. */
class BlockedThreadTest {

    private static final Duration STALL = Duration.ofMillis(500);
    private static final int MEMORY_BYTES = 64 << 20;
    private static final NodeSettings CONFIG = NodeSettings.defaults()
            .with(Settings.MEMORY, MEMORY_BYTES)
            .with(Settings.SUBSCRIBER_EVENTS, 256)
            .with(Settings.STALL_LIMIT, STALL)
            .with(Settings.CLOSE_LIMIT, Duration.ofMillis(300));

    private final LiveNode live = new LiveNode(CONFIG);
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Scheduler> schedulers = new ArrayList<>();

    @AfterEach
    void ends() {
        end.countDown();
        live.close();
        schedulers.forEach(Scheduler::dispose);
        Hooks.resetOnErrorDropped();
    }

    /** One thread, which may block. */
    private Scheduler oneThread() {
        Scheduler scheduler = Schedulers.newBoundedElastic(1, 100_000, "user");
        schedulers.add(scheduler);
        return scheduler;
    }

    private EvsHandle handle(Scheduler scheduler, String group) {
        EvsHandle handle = live.node.openHandle(scheduler);
        handle.join(group).block(LiveNode.LIMIT);
        return handle;
    }

    private Disposable load(EvsHandle handle, String group, int bytes) {
        return handle.sendAll(Flux.generate(sink -> sink.next(Message.to(group).payload(new byte[bytes]))))
                .onErrorComplete()
                .subscribe();
    }

    private void stay() {
        try {
            end.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aSendBesideASlowSubscriberCompletesWhileTheLoadGoesOn() {
        EvsHandle busy = handle(oneThread(), "g");
        busy.deliveries().subscribe(delivery -> LockSupport.parkNanos(500_000));
        Disposable load = load(handle(Schedulers.parallel(), "load"), "g", 100);

        for (int i = 0; i < 3; i++) {
            assertThat(busy.send(Message.to("nobody")).block(LiveNode.LIMIT)).isNotNull();
        }
        assertThat(load.isDisposed()).isFalse();
        load.dispose();
    }

    @Test
    void anotherHandleOfTheSameThreadHasItsTurnsAndIsNotCalledSlow() throws Exception {
        Scheduler shared = oneThread();
        handle(shared, "g").deliveries().subscribe(delivery -> LockSupport.parkNanos(500_000));
        AtomicReference<Throwable> error = new AtomicReference<>();
        CountDownLatch seen = new CountDownLatch(2_000);
        handle(shared, "g").deliveries().subscribe(delivery -> seen.countDown(), error::set);
        Disposable load = load(handle(Schedulers.parallel(), "load"), "g", 100);

        assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(error.get()).isNull();
        load.dispose();
    }

    @Test
    void aHandleWhoseThreadAnotherBlocksForEverIsGivenAnotherThread() throws Exception {
        Scheduler two = Schedulers.newParallel("two", 2);
        schedulers.add(two);
        CountDownLatch bothThreads = new CountDownLatch(600);
        EvsHandle stuck = handle(two, "g");
        EvsHandle other = handle(two, "g");
        EvsHandle victim = handle(two, "g");
        AtomicReference<Throwable> error = new AtomicReference<>();
        stuck.deliveries().subscribe(delivery -> stay(), ended -> {});
        other.deliveries().subscribe(delivery -> {});
        victim.deliveries().subscribe(delivery -> bothThreads.countDown(), error::set);
        Disposable load = load(handle(Schedulers.parallel(), "load"), "g", 100);

        assertThat(bothThreads.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(error.get()).isNull();
        load.dispose();
    }

    @Test
    void whatAHandleHasToSayBesideAStuckSubscriberIsSaidByAnotherThread() throws Exception {
        for (Scheduler scheduler : List.of(oneThread(), Schedulers.parallel())) {
            EvsHandle handle = handle(scheduler, "g");
            CountDownLatch isStuck = new CountDownLatch(1);
            handle.deliveries().subscribe(delivery -> {
                isStuck.countDown();
                stay();
            });
            handle.send(Message.to("g")).subscribe();
            assertThat(isStuck.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(handle.send(Message.to("nobody")).block(LiveNode.LIMIT)).isNotNull();
            assertThat(handle.join("h").block(LiveNode.LIMIT)).isNotNull();
            handle.leave("g").block(LiveNode.LIMIT);
        }
    }

    @Test
    void anotherSubscriptionOfTheHandleOfAStuckOneGoesOnAndIsNotCalledSlow() throws Exception {
        EvsHandle handle = handle(oneThread(), "g");
        AtomicReference<Throwable> error = new AtomicReference<>();
        CountDownLatch seen = new CountDownLatch(2_000);
        AtomicInteger givenToStuck = new AtomicInteger();
        handle.deliveries()
                .subscribe(
                        delivery -> {
                            givenToStuck.incrementAndGet();
                            stay();
                        },
                        ended -> {});
        handle.deliveries().subscribe(delivery -> seen.countDown(), error::set);
        Disposable load = load(handle(Schedulers.parallel(), "load"), "g", 100);

        assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(error.get()).isNull();
        assertThat(givenToStuck).hasValue(1);
        load.dispose();
    }

    @Test
    void whoBlocksForAnotherHandleOfTheSameThreadIsAnswered() throws Exception {
        Scheduler shared = oneThread();
        EvsHandle handle = handle(shared, "g");
        EvsHandle other = handle(shared, "h");
        CountDownLatch isAnswered = new CountDownLatch(1);
        handle.deliveries().next().subscribe(delivery -> {
            other.send(Message.to("h")).block(LiveNode.LIMIT);
            isAnswered.countDown();
        });
        handle.send(Message.to("g")).subscribe();

        assertThat(isAnswered.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(other.send(Message.to("h")).block(LiveNode.LIMIT)).isNotNull();
    }

    @Test
    void whoWaitsForAFutureOfTheOwnHandleInACallbackIsAnsweredByAnotherThread() throws Exception {
        EvsHandle handle = handle(oneThread(), "g");
        CountDownLatch isAnswered = new CountDownLatch(1);
        handle.deliveries().next().subscribe(delivery -> {
            handle.send(Message.to("h")).toFuture().join();
            isAnswered.countDown();
        });
        handle.send(Message.to("g")).subscribe();

        assertThat(isAnswered.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(handle.send(Message.to("g")).block(LiveNode.LIMIT)).isNotNull();
    }

    @Test
    void aSubscriberWhoseContextCannotBeAskedForCostsItselfOnly() {
        EvsHandle handle = handle(Schedulers.parallel(), "g");
        handle.send(new byte[1]).subscribe(new Contextless<>());
        handle.events().subscribe(new Contextless<>());
        handle.sendAll(Flux.just(Message.of(new byte[1]), Message.of(new byte[1])))
                .subscribe(new Contextless<>());
        assertThat(thrownBy(() -> handle.join("h").subscribe(new Contextless<>())))
                .hasMessage("no context");
        assertThat(thrownBy(() -> handle.watch("w").subscribe(new Contextless<>())))
                .hasMessage("no context");

        assertThat(handle.send(new byte[1]).block(LiveNode.LIMIT)).isNotNull();
        assertThat(handle.join("i").block(LiveNode.LIMIT)).isNotNull();
    }

    /** Throws whatever it is called for. */
    private static final class Contextless<T> implements CoreSubscriber<T> {

        private boolean isSubscribed;

        @Override
        public Context currentContext() {
            if (isSubscribed) {
                throw new IllegalStateException("no context");
            }
            return Context.empty();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            isSubscribed = true;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(T value) {
            throw new IllegalStateException("no value");
        }

        @Override
        public void onError(Throwable reason) {}

        @Override
        public void onComplete() {}
    }

    @Test
    void whatStuckSubscribersHoldIsFreedAndTheOthersGoOn() throws Exception {
        AtomicInteger inHand = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            handle(oneThread(), "g")
                    .deliveries()
                    .subscribe(
                            delivery -> {
                                inHand.incrementAndGet();
                                stay();
                            },
                            ended -> {});
        }
        int messages = 1_000;
        CountDownLatch seen = new CountDownLatch(messages);
        handle(oneThread(), "g").deliveries().subscribe(delivery -> seen.countDown());
        EvsHandle sender = handle(Schedulers.parallel(), "load");

        sender.sendAll(Flux.range(0, messages).map(i -> Message.to("g").payload(new byte[200_000])))
                .blockLast(LiveNode.LIMIT.multipliedBy(3));

        assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(inHand).hasValue(3);
        sender.send(Message.to("nobody"))
                .repeat(() -> live.node.stats().get(Statistics.DELIVERY_BYTES) > 0)
                .blockLast(LiveNode.LIMIT);
    }

    @Test
    void whatACancelledSubscriberHoldsIsFreedThoughItsThreadIsStuck() {
        EvsHandle reader = handle(oneThread(), "g");
        CountDownLatch isIn = new CountDownLatch(1);
        Disposable stuck = reader.deliveries().subscribe(delivery -> {
            isIn.countDown();
            stay();
        });
        EvsHandle sender = handle(Schedulers.parallel(), "load");
        sender.sendAll(Flux.range(0, 200).map(i -> Message.to("g").payload(new byte[10_000])))
                .blockLast(LiveNode.LIMIT);
        assertThat(live.node.stats().get(Statistics.DELIVERY_BYTES)).isGreaterThan(1_000_000L);

        stuck.dispose();

        sender.send(Message.to("nobody"))
                .repeat(() -> live.node.stats().get(Statistics.DELIVERY_BYTES) > 0)
                .blockLast(LiveNode.LIMIT);
        assertThat(isIn.getCount()).isZero();
    }

    @Test
    void whoThrowsCostsNobodyElseASignalAndIsHeardOf() throws Exception {
        LinkedBlockingQueue<String> dropped = new LinkedBlockingQueue<>();
        Hooks.onErrorDropped(error -> dropped.add(error.getMessage()));
        EvsHandle handle = handle(Schedulers.parallel(), "g");
        int sends = 5_000;
        CountDownLatch ends = new CountDownLatch(sends);
        handle.sendAll(Flux.range(0, 100).map(i -> Message.of(new byte[10])))
                .subscribe(new Thrower<Position>(new AssertionError("of sendAll")));
        handle.events().subscribe(new Thrower<EvsEvent>(new AssertionError("of events")));
        handle.send(new byte[1]).subscribe(new Thrower<Position>(new AssertionError("of send")));
        for (int i = 0; i < sends; i++) {
            handle.send(new byte[10]).subscribe(position -> ends.countDown());
        }

        assertThat(ends.await(20, TimeUnit.SECONDS)).isTrue();
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            heard.add(dropped.poll(20, TimeUnit.SECONDS));
        }
        assertThat(heard).containsExactlyInAnyOrder("of sendAll", "of events", "of send");
    }

    @Test
    void theErrorOfASubscriberIsDroppedInItsOwnContext() throws Exception {
        LinkedBlockingQueue<String> dropped = new LinkedBlockingQueue<>();
        EvsHandle handle = handle(Schedulers.parallel(), "g");
        handle.send(new byte[1]).subscribe(new Thrower<Position>(new AssertionError("single"), dropped));
        handle.events().subscribe(new Thrower<EvsEvent>(new AssertionError("events"), dropped));

        assertThat(List.of(dropped.poll(20, TimeUnit.SECONDS), dropped.poll(20, TimeUnit.SECONDS)))
                .containsExactlyInAnyOrder("single", "events");
    }

    @Test
    void blockingForTheOwnHandleInACallbackIsRefusedWithTheRemedy() throws Exception {
        EvsHandle handle = handle(oneThread(), "g");
        LinkedBlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        handle.deliveries().next().subscribe(delivery -> {
            thrown.add(thrownBy(() -> handle.send(new byte[1]).block()));
            thrown.add(
                    thrownBy(() -> handle.send(new byte[1]).map(Position::seq).block()));
            thrown.add(thrownBy(() -> handle.join("x").block()));
            thrown.add(thrownBy(() -> handle.close().block()));
            thrown.add(thrownBy(() -> handle.events().blockFirst()));
            thrown.add(thrownBy(
                    () -> handle.sendAll(Flux.just(Message.of(new byte[1]))).blockLast()));
        });

        handle.send(new byte[1]).block(LiveNode.LIMIT);

        for (int i = 0; i < 6; i++) {
            Throwable error = thrown.poll(20, TimeUnit.SECONDS);
            assertThat(error)
                    .hasMessageContaining("compose instead of blocking")
                    .hasMessageContaining("publishOn");
            assertThat(error).isInstanceOfAny(SendFailedException.class, IllegalStateException.class);
        }
    }

    @Test
    void blockingForAnotherThreadsCallIsNotRefused() {
        EvsHandle handle = handle(oneThread(), "g");

        Long seq = Flux.just(handle.deliveries().next().flatMap(delivery -> handle.send(Message.to("x"))))
                .mergeWith(Flux.just(handle.send(new byte[1])))
                .flatMap(call -> call)
                .map(Position::seq)
                .blockLast(LiveNode.LIMIT);

        assertThat(seq).isNotNull();
    }

    @Test
    void whoWaitsForAFutureInACallbackIsReleasedWhenTheNodeHasLeft() throws Exception {
        EvsHandle handle = handle(oneThread(), "g");
        CountDownLatch isOrdered = new CountDownLatch(1);
        handle(Schedulers.parallel(), "x").deliveries().subscribe(delivery -> isOrdered.countDown());
        AtomicReference<Position> released = new AtomicReference<>();
        CountDownLatch isOut = new CountDownLatch(1);
        handle.deliveries().next().subscribe(delivery -> {
            released.set(handle.send(Message.to("x")).toFuture().join());
            isOut.countDown();
        });
        handle.send(new byte[1]).subscribe();
        assertThat(isOrdered.await(20, TimeUnit.SECONDS)).isTrue();

        live.node.leave().block(LiveNode.LIMIT);

        assertThat(isOut.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(released.get()).isNotNull();
    }

    @Test
    void aStuckSubscriberIsToldWhyItEndedWhenItComesBack() throws Exception {
        AtomicReference<Throwable> error = new AtomicReference<>();
        CountDownLatch told = new CountDownLatch(1);
        handle(oneThread(), "g").deliveries().subscribe(delivery -> stay(), ended -> {
            error.set(ended);
            told.countDown();
        });
        EvsHandle sender = handle(Schedulers.parallel(), "load");
        sender.sendAll(Flux.range(0, 20_000).map(i -> Message.to("g").payload(new byte[100])))
                .blockLast(LiveNode.LIMIT);
        end.countDown();

        assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(error.get()).isInstanceOf(SlowSubscriberException.class);
    }

    private static Throwable thrownBy(Runnable call) {
        try {
            call.run();
            return new AssertionError("nothing was thrown");
        } catch (RuntimeException expected) {
            return expected;
        }
    }
}

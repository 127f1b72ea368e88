/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.internal.node.LiveNode;
import dev.totem.core.internal.settings.NodeSettings;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** The signals of a handle on schedulers of all kinds. */
class HandleLaneTest {

    private static final int SENDS = 3_000;

    static List<ExecutorService> executors() throws ReflectiveOperationException {
        List<ExecutorService> executors = new ArrayList<>(List.of(Executors.newFixedThreadPool(4)));
        // Only newer JDKs have virtual threads.
        for (Method method : Executors.class.getMethods()) {
            if (method.getName().equals("newVirtualThreadPerTaskExecutor")) {
                executors.add((ExecutorService) method.invoke(null));
            }
        }
        return executors;
    }

    @ParameterizedTest
    @MethodSource("executors")
    void signalsComeOneAfterAnotherOnSchedulersWithManyThreads(ExecutorService executor) {
        LiveNode live = new LiveNode(NodeSettings.defaults());
        EvsHandle handle = live.node.openHandle(Schedulers.fromExecutorService(executor));
        handle.join("g").block(LiveNode.LIMIT);
        AtomicInteger inside = new AtomicInteger();
        Set<Integer> crowds = ConcurrentHashMap.newKeySet();
        Set<Position> delivered = ConcurrentHashMap.newKeySet();
        List<Position> early = new CopyOnWriteArrayList<>();
        Runnable signal = () -> {
            crowds.add(inside.incrementAndGet());
            Thread.onSpinWait();
            inside.decrementAndGet();
        };
        Flux<Delivery> seen = handle.deliveries()
                .doOnNext(delivery -> {
                    signal.run();
                    delivered.add(delivery.position());
                })
                .take(2 * SENDS);
        Flux<Position> all = handle.sendAll(Flux.range(0, SENDS).map(i -> Message.of(new byte[20])))
                .doOnNext(position -> signal.run());
        Flux<Position> single = Flux.range(0, SENDS)
                .flatMap(i -> handle.send(new byte[20]).doOnNext(position -> {
                    signal.run();
                    if (!delivered.contains(position)) {
                        early.add(position);
                    }
                }));

        Mono.when(seen, all, single).block(LiveNode.LIMIT);

        assertThat(crowds).containsExactly(1);
        assertThat(early).isEmpty();
        live.close();
        executor.shutdown();
    }

    @Test
    void aTaskThatThrowsDoesNotKeepThoseBehindItFromTheirTurn() {
        List<Runnable> queued = new ArrayList<>();
        Scheduler scheduler = Schedulers.fromExecutor(queued::add);
        HandleLane lane = new HandleLane(
                new LaneScheduler(scheduler, scheduler.createWorker(), new LiveNode.Loop(), thrown -> {}),
                LaneWatch.NONE);
        List<String> ran = new ArrayList<>();
        Hooks.onErrorDropped(error -> ran.add(error.getMessage()));
        lane.schedule("one", Context::empty, () -> {
            throw new IllegalStateException("thrown");
        });
        lane.schedule("other", Context::empty, () -> ran.add("next"));

        while (!queued.isEmpty()) {
            queued.remove(0).run();
        }

        Hooks.resetOnErrorDropped();
        assertThat(ran).containsExactly("thrown", "next");
    }

    @Test
    void signalsStillComeWhenTheSchedulerWasDisposed() {
        LiveNode live = new LiveNode(NodeSettings.defaults());
        Scheduler scheduler = Schedulers.newSingle("short-lived");
        EvsHandle handle = live.node.openHandle(scheduler);
        handle.join("g").block(LiveNode.LIMIT);
        scheduler.dispose();

        List<Position> positions = handle.sendAll(Flux.range(0, 500).map(i -> Message.of(new byte[] {1})))
                .collectList()
                .block(LiveNode.LIMIT);

        assertThat(positions).hasSize(500).isSorted();
        live.close();
    }

    @Test
    void operatorsOfReactorWorkOnEvents() {
        LiveNode live = new LiveNode(NodeSettings.defaults());
        EvsHandle handle = live.node.openHandle();
        handle.join("g").block(LiveNode.LIMIT);
        Flux<Delivery> moved = handle.deliveries()
                .publishOn(Schedulers.boundedElastic())
                .limitRate(16)
                .take(1_000);

        List<Integer> lengths = Mono.zip(
                        moved.map(delivery -> delivery.payload().length).collectList(),
                        handle.sendAll(Flux.range(0, 1_000).map(i -> Message.of(new byte[i])))
                                .count())
                .block(LiveNode.LIMIT)
                .getT1();

        assertThat(lengths).hasSize(1_000).isSorted().endsWith(999);
        live.close();
    }

    /** A full pool of this kind lets its callers run what they bring. */
    @Test
    void noCallbackRunsOnTheLoopWhereASchedulerRunsTasksInTheirCallersThread() throws InterruptedException {
        LiveNode live = new LiveNode(NodeSettings.defaults());
        AtomicBoolean isFull = new AtomicBoolean();
        Scheduler scheduler = Schedulers.fromExecutor(task -> {
            if (isFull.get()) {
                task.run();
            } else {
                Schedulers.parallel().schedule(task);
            }
        });
        List<EvsHandle> handles = Stream.generate(() -> live.node.openHandle(scheduler))
                .limit(5)
                .peek(handle -> handle.join("g").block(LiveNode.LIMIT))
                .toList();
        isFull.set(true);
        AtomicInteger onLoop = new AtomicInteger();
        CountDownLatch seen = new CountDownLatch(handles.size() * SENDS);
        for (EvsHandle handle : handles) {
            handle.deliveries().subscribe(delivery -> {
                onLoop.addAndGet(live.loop.inLoop() ? 1 : 0);
                seen.countDown();
            });
        }

        EvsHandle sender = live.node.openHandle();
        sender.sendAll(Flux.range(0, SENDS).map(i -> Message.to("g").payload(new byte[10])))
                .blockLast(LiveNode.LIMIT);

        assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(onLoop).hasValue(0);
        live.close();
    }
}

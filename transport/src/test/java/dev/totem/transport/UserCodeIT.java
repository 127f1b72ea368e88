/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.TotemNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The protocol loop runs no user code and never blocks; users that do disturb nobody. */
class UserCodeIT {

    private static final Duration LIMIT = LoopbackNodes.LIMIT;
    private static final List<String> BLOCKED = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    @BeforeAll
    static void watchesForBlockingCalls() {
        BlockHound.builder()
                .nonBlockingThreadPredicate(others -> others.or(thread -> isLoop(thread)))
                .blockingMethodCallback(method -> {
                    StackTraceElement[] stack = Thread.currentThread().getStackTrace();
                    if (onLoop() && !handsOver(stack)) {
                        BLOCKED.add(Thread.currentThread().getName() + " called " + method + " at "
                                + Arrays.toString(stack));
                    }
                })
                .install();
    }

    /** A task is handed to the users' scheduler under the lock of its queue. */
    private static boolean handsOver(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .anyMatch(frame -> frame.getClassName().equals("java.util.concurrent.ScheduledThreadPoolExecutor"));
    }

    private static boolean onLoop() {
        return isLoop(Thread.currentThread());
    }

    /** Not those beside it, which are there to block. */
    private static boolean isLoop(Thread thread) {
        return thread.getName().matches("totem-\\d+-(epoll|nio)-.*");
    }

    @Test
    void blockHoundSeesACallThatBlocksTheLoop() {
        UdpLoop loop = UdpLoop.start(NodeId.of(77), true);
        int before = BLOCKED.size();

        loop.eventLoop().submit(() -> LockSupport.parkNanos(1)).syncUninterruptibly();
        loop.eventLoop()
                .submit(() -> {
                    TimeUnit.NANOSECONDS.sleep(1_000_000);
                    return null;
                })
                .syncUninterruptibly();
        loop.dispose().block(LIMIT);

        assertThat(BLOCKED.size()).isGreaterThan(before);
        BLOCKED.clear();
    }

    @Test
    void noUserCodeRunsOnTheLoopAndTheLoopNeverBlocks() {
        BLOCKED.clear();
        Set<String> threads = new ConcurrentSkipListSet<>();
        try (LoopbackNodes ring = new LoopbackNodes(directory, 1, 3, config -> {})) {
            ring.start().block(LIMIT);
            Flux.range(1, 3)
                    .flatMap(id -> user(ring.node(id), threads))
                    .collectList()
                    .block(LIMIT);
            ring.leave(2).block(LIMIT);
            ring.start().block(LIMIT);
        }

        assertThat(BLOCKED).isEmpty();
        assertThat(threads).isNotEmpty().noneMatch(name -> name.startsWith("totem-"));
    }

    /** Uses everything a handle has, and notes on which threads its code runs. */
    private static Flux<Position> user(TotemNode node, Set<String> threads) {
        Runnable here = () -> threads.add(Thread.currentThread().getName());
        EvsHandle handle = node.openHandle();
        Flux<Position> sends = handle.join("a", "b")
                .doOnTerminate(here)
                .thenMany(handle.send(new byte[100]).doOnTerminate(here))
                .concatWith(handle.sendAll(
                        Flux.range(0, 2_000).doOnNext(i -> here.run()).map(i -> Message.of(new byte[500]))))
                .doOnNext(position -> here.run())
                .concatWith(handle.leave("b").doOnTerminate(here).cast(Position.class));
        Flux<EvsEvent> events = handle.events().doOnNext(event -> here.run()).doFinally(signal -> here.run());
        return sends.publish(done ->
                        Flux.merge(events.takeUntilOther(done.ignoreElements()).thenMany(Flux.<Position>empty()), done))
                .concatWith(Flux.defer(() -> handle.close().doOnTerminate(here).cast(Position.class)));
    }

    @Test
    void subscribersThatSleepDoNotDisturbTheRing() {
        try (LoopbackNodes ring = new LoopbackNodes(directory, 1, 3, config -> {})) {
            ring.start().block(LIMIT);
            Scheduler sleepers = Schedulers.newBoundedElastic(4, 1_000, "sleepers");
            AtomicInteger slept = new AtomicInteger();
            EvsHandle sleeper = ring.node(2).openHandle(sleepers);
            sleeper.join("g").block(LIMIT);
            sleeper.deliveries().subscribe(delivery -> {
                LockSupport.parkNanos(2_000_000);
                slept.incrementAndGet();
            });
            EvsHandle sender = ring.node(1).openHandle(sleepers);
            EvsHandle witness = ring.node(3).openHandle();
            witness.join("g").block(LIMIT);
            List<Long> rings = new CopyOnWriteArrayList<>();
            witness.configChanges().subscribe(change -> rings.add(change.ring().seq()));
            Flux<Delivery> seen = witness.deliveries().take(3_000);

            List<Delivery> deliveries = Flux.merge(
                            seen,
                            sender.sendAll(Flux.range(0, 3_000)
                                            .map(i -> Message.to("g").payload(new byte[200])))
                                    .thenMany(Flux.<Delivery>empty()))
                    .collectList()
                    .block(LIMIT);

            assertThat(deliveries).hasSize(3_000);
            assertThat(slept.get()).isLessThan(3_000);
            assertThat(rings).hasSize(1);
            sleepers.dispose();
        }
    }

    @Test
    void tenNodesOnFiveRingsLiveInOneProcess() {
        List<LoopbackNodes> rings = Flux.range(0, 5)
                .map(i -> new LoopbackNodes(
                        directory, 10 * i + 1, 2, config -> config.set(Settings.CLUSTER_NAME, "ring" + i)))
                .collectList()
                .block(LIMIT);
        Flux.fromIterable(rings).flatMap(LoopbackNodes::start).blockLast(LIMIT);

        for (int round = 0; round < 2; round++) {
            List<Integer> counts = Flux.range(0, 5)
                    .flatMap(i -> load(rings.get(i), 10 * i + 1, "ring" + i))
                    .collectList()
                    .block(LIMIT);
            assertThat(counts).containsOnly(500).hasSize(5);
            Flux.range(0, 5)
                    .flatMap(i ->
                            rings.get(i).leave(10 * i + 2).then(rings.get(i).start()))
                    .blockLast(LIMIT);
        }
        Flux.fromIterable(rings)
                .flatMap(ring -> Mono.fromRunnable(ring::close).subscribeOn(Schedulers.boundedElastic()))
                .blockLast(LIMIT);
    }

    /** Messages of one node of a ring to the other: each gets what is of its ring, and nothing else. */
    private static Mono<Integer> load(LoopbackNodes ring, int first, String name) {
        EvsHandle from = ring.node(first).openHandle();
        EvsHandle to = ring.node(first + 1).openHandle();
        Sinks.Empty<Void> listening = Sinks.empty();
        Flux<Delivery> seen = to.events()
                .doOnNext(event -> listening.tryEmitEmpty())
                .ofType(Delivery.class)
                .filter(delivery -> new String(delivery.payload(), UTF_8).equals(name))
                .take(500);
        Flux<Delivery> sends = listening
                .asMono()
                .thenMany(
                        from.sendAll(Flux.range(0, 500).map(i -> Message.to("g").payload(name.getBytes(UTF_8)))))
                .thenMany(Flux.empty());
        return to.join("g")
                .thenMany(Flux.merge(seen, sends))
                .count()
                .map(Long::intValue)
                .delayUntil(count -> Mono.when(from.close(), to.close()));
    }
}

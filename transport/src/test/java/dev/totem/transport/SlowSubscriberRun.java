/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Settings;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Schedulers;

/**
 * Three nodes under ten times the load that their ring takes; again and again a subscriber at one of them requests nothing
 * until it is ended: one that holds the ring back, for the stall limit, and then one that fails, at once. Prints a line a
 * cycle and the result at the end; fails if a node lost a message or saw another order, or if the ring did not slow down or
 * did not recover.
 *
 * <p>Arguments: how long, seconds; the stall limit, milliseconds; a directory.
 */
public final class SlowSubscriberRun {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NODES = 3;
    private static final int BYTES = 500;
    private static final int TICK_MILLIS = 5;

    private final LoopbackNodes ring;
    private final List<Witness> witnesses = new ArrayList<>();
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private long capacity;
    private volatile long perTick;

    private SlowSubscriberRun(Path directory, Duration stallLimit) {
        ring = new LoopbackNodes(directory, 1, NODES, config -> fitted(config, stallLimit));
    }

    /** What three nodes and their users need in 64 MiB. */
    private static void fitted(TotemConfig.Builder config, Duration stallLimit) {
        config.set(Settings.TOKEN, Duration.ofSeconds(5))
                .set(Settings.NETMTU, 1_500)
                .set(Settings.WINDOW_SIZE, 128)
                .set(Settings.MEMORY, 6 << 20)
                .set(Settings.SUBSCRIBER_EVENTS, 2_048)
                .set(Settings.SUBSCRIBER_BYTES, 2 << 20)
                .set(Settings.STALL_LIMIT, stallLimit);
    }

    /** A subscriber that runs free: counts, and hashes the order. */
    private static final class Witness {

        final AtomicLong count = new AtomicLong();
        final long[] next = new long[NODES + 1];
        volatile long hash;
        volatile String wrong = "";

        void see(EvsEvent event) {
            if (event instanceof Delivery delivery) {
                int sender = delivery.sender().value();
                long number = delivery.payloadView().getLong();
                if (number != next[sender]) {
                    wrong = "from " + sender + " came " + number + ", not " + next[sender];
                }
                next[sender] = number + 1;
                hash = hash * 31 + 7 * number + sender;
                count.incrementAndGet();
            } else if (event instanceof ConfigChange && count.get() > 0) {
                wrong = "the configuration changed: " + event;
            }
        }
    }

    public static void main(String[] args) throws Exception {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[0]));
        Duration stallLimit = Duration.ofMillis(Long.parseLong(args[1]));
        SlowSubscriberRun run = new SlowSubscriberRun(Path.of(args[2]), stallLimit);
        System.exit(run.run(endNanos, stallLimit) ? 0 : 1);
    }

    private boolean run(long endNanos, Duration stallLimit) throws Exception {
        ring.start().block(LIMIT);
        List<Disposable> loads = new ArrayList<>();
        for (int id = 1; id <= NODES; id++) {
            Witness witness = new Witness();
            witnesses.add(witness);
            EvsHandle handle = ring.node(id).openHandle();
            handle.join("g").block(LIMIT);
            handle.events().subscribe(witness::see, error -> witness.wrong = String.valueOf(error));
        }
        CountDownLatch loadsEnded = new CountDownLatch(NODES);
        for (int id = 1; id <= NODES; id++) {
            EvsHandle handle = ring.node(id).openHandle();
            handle.join("g").block(LIMIT);
            AtomicLong number = new AtomicLong();
            Disposable.Swap stop = Disposables.swap();
            loads.add(stop);
            handle.sendAll(Flux.<Long>create(sink -> stop.replace(ticks(sink)), FluxSink.OverflowStrategy.DROP)
                            .map(tick -> message(number.getAndIncrement())))
                    .subscribe(
                            position -> taken.incrementAndGet(),
                            error -> loadsEnded.countDown(),
                            loadsEnded::countDown);
        }
        perTick = 100;
        offerMoreThan(rate(Duration.ofSeconds(2)));
        boolean isRight = true;
        Totals totals = new Totals();
        do {
            isRight &= cycle(stallLimit, totals);
        } while (System.nanoTime() < endNanos);
        loads.forEach(Disposable::dispose);
        isRight &= tell(loadsEnded) && totals.again > totals.free / 2;
        System.out.println("result: " + (isRight ? "right" : "WRONG") + ", " + totals.cycles + " cycles, recovered to "
                + 100 * totals.again / Math.max(1, totals.free) + " %, at most " + totals.usedMiB + " MiB used of "
                + (Runtime.getRuntime().maxMemory() >> 20));
        return isRight;
    }

    /** Of all cycles. */
    private static final class Totals {

        int cycles;
        long free;
        long again;
        long usedMiB;
    }

    /** The ring runs free, is held back until the limit, and runs free again; who fails does not hold it back. */
    private boolean cycle(Duration stallLimit, Totals totals) throws InterruptedException {
        totals.cycles++;
        TotemNode node = ring.node(1 + totals.cycles % NODES);
        long free = rate(Duration.ofSeconds(2));
        offerMoreThan(free);
        RequestsNothing holding = RequestsNothing.at(node, OverflowPolicy.HOLD_BACK);
        long stalled = rate(stallLimit.dividedBy(2), stallLimit.dividedBy(4));
        boolean hasEnded = holding.ends();
        long again = rate(Duration.ofSeconds(2));
        RequestsNothing failing = RequestsNothing.at(node, OverflowPolicy.FAIL);
        hasEnded &= failing.ends();
        long usedMiB = used() >> 20;
        System.out.println("cycle " + totals.cycles + ": free " + free + "/s, held back " + stalled + "/s, again "
                + again + "/s, used " + usedMiB + " MiB; HOLD_BACK after " + holding.told() + "; FAIL after "
                + failing.told());
        totals.free += free;
        totals.again += again;
        totals.usedMiB = Math.max(totals.usedMiB, usedMiB);
        return hasEnded && stalled < free / 4 && again > free / 4 && failing.millis() < stallLimit.toMillis();
    }

    private boolean tell(CountDownLatch loadsEnded) throws InterruptedException {
        boolean haveEnded = loadsEnded.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
        long sent = taken.get();
        Flux.interval(Duration.ofMillis(10))
                .onBackpressureDrop()
                .filter(tick -> witnesses.stream().allMatch(witness -> witness.count.get() >= sent))
                .blockFirst(LIMIT);
        boolean isRight = haveEnded;
        for (Witness witness : witnesses) {
            isRight &= witness.wrong.isEmpty() && witness.count.get() == sent && witness.hash == witnesses.get(0).hash;
            System.out.println("witness: " + witness.count + " messages, order " + Long.toHexString(witness.hash) + " "
                    + witness.wrong);
        }
        System.out.println("capacity " + capacity + "/s, offered " + offered + ", sent " + sent + ", heap of "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        ring.close();
        return isRight;
    }

    /** Ten times what the ring takes, which grows while the compiler is at work. */
    private void offerMoreThan(long rate) {
        capacity = Math.max(capacity, rate);
        perTick = Math.max(perTick, 10 * capacity * TICK_MILLIS / 1_000 / NODES);
    }

    /** Offers its share of the load until disposed, whether or not anybody wants it. */
    private Disposable ticks(FluxSink<Long> sink) {
        Disposable ticking = Schedulers.parallel()
                .schedulePeriodically(
                        () -> {
                            for (long i = 0; i < perTick; i++) {
                                offered.incrementAndGet();
                                sink.next(i);
                            }
                        },
                        0,
                        TICK_MILLIS,
                        TimeUnit.MILLISECONDS);
        return () -> {
            ticking.dispose();
            sink.complete();
        };
    }

    private static Message message(long number) {
        return Message.of(ByteBuffer.allocate(BYTES).putLong(0, number));
    }

    /** Messages a second at the first witness. */
    private long rate(Duration time) {
        return rate(time, Duration.ZERO);
    }

    private long rate(Duration time, Duration skipped) {
        Flux.just(1).delayElements(skipped).blockLast(LIMIT);
        long before = witnesses.get(0).count.get();
        Flux.just(1).delayElements(time).blockLast(LIMIT);
        return (witnesses.get(0).count.get() - before) * 1_000 / Math.max(1, time.toMillis());
    }

    private static long used() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** The subscriber that the run is about. */
    private static final class RequestsNothing extends BaseSubscriber<EvsEvent> {

        private final long beginNanos = System.nanoTime();
        private final CountDownLatch end = new CountDownLatch(1);
        private final EvsHandle handle;
        private volatile long endNanos;
        private volatile String reason = "no end";

        private RequestsNothing(EvsHandle handle) {
            this.handle = handle;
        }

        static RequestsNothing at(TotemNode node, OverflowPolicy policy) {
            EvsHandle handle = node.openHandle();
            handle.join("g").block(LIMIT);
            RequestsNothing subscriber = new RequestsNothing(handle);
            handle.events(policy).subscribe(subscriber);
            return subscriber;
        }

        /** Waits for the end; says whether it is the one that was to come. */
        boolean ends() throws InterruptedException {
            boolean hasEnded = end.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
            handle.close().block(LIMIT);
            return hasEnded && reason.contains(SlowSubscriberException.class.getSimpleName());
        }

        long millis() {
            return TimeUnit.NANOSECONDS.toMillis(endNanos - beginNanos);
        }

        String told() {
            return millis() + " ms: " + reason;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnError(Throwable error) {
            endNanos = System.nanoTime();
            reason = error.toString();
            end.countDown();
        }
    }
}

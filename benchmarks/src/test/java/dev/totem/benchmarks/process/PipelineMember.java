/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.PlainSeal;
import dev.totem.transport.UdpTotem;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One process of {@link PipelineIT}: a node with a pipeline as users write it, which prints every second how far it has
 * come: {@code delivered completed failed slow heapBytes}. Ends when its standard input does.
 */
final class PipelineMember {

    private static final String LOAD = "load";
    private static final byte[] REPLY = "reply".getBytes(StandardCharsets.UTF_8);
    private static final int PUBLISHERS = 10;

    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger slow = new AtomicInteger();
    private final TotemNode node;
    private volatile boolean isLeaving;

    private PipelineMember(TotemNode node) {
        this.node = node;
    }

    /**
     * Runs a member until its input ends.
     *
     * @param args id, port, group port, state folder, pipeline
     */
    public static void main(String[] args) throws Exception {
        TotemNode node = UdpTotem.create()
                .nodeId(Integer.parseInt(args[0]))
                .bind("127.0.0.1", Integer.parseInt(args[1]))
                .multicast("239.192.7.14", Integer.parseInt(args[2]))
                .seal(PlainSeal.create())
                .stateDirectory(Path.of(args[3]))
                .start()
                .block();
        PipelineMember member = new PipelineMember(Objects.requireNonNull(node));
        Flux.interval(Duration.ofSeconds(1)).subscribe(second -> member.print(), PipelineMember::die);
        node.onClose().subscribe(nothing -> {}, PipelineMember::die);
        member.run(Pipeline.valueOf(args[4]));
        while (System.in.read() >= 0) {
            // whatever is said, it means to go on
        }
        member.isLeaving = true;
        node.leave().block(Duration.ofSeconds(10));
        System.exit(0);
    }

    /** What users do. */
    enum Pipeline {
        /** Answers what it is given, one after the other, under load. */
        REPLY,
        /** Many publishers of messages of many sizes. */
        MANY,
        /** A subscriber that never returns, beside one that works. */
        STUCK
    }

    private void run(Pipeline pipeline) {
        EvsHandle handle = node.openHandle();
        handle.join(LOAD).block();
        switch (pipeline) {
            case REPLY -> {
                load(256);
                // What is answered is everything but answers.
                ends(handle.deliveries()
                        .doOnNext(delivery -> delivered.incrementAndGet())
                        .filter(delivery -> delivery.payloadBytes() > REPLY.length)
                        .concatMap(delivery -> handle.send(Message.to(LOAD).payload(REPLY))));
            }
            case MANY -> {
                count(handle);
                for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
                    load(16 << publisher);
                }
            }
            case STUCK -> {
                count(node.openHandle(), handle);
                // The stuck one has a thread of its own: no other is to stand behind it.
                EvsHandle stuck = node.openHandle(Schedulers.newSingle("stuck", true));
                stuck.join(LOAD).block();
                stuck.deliveries().subscribe(delivery -> never(), this::failed);
                ends(Flux.generate(sink -> sink.next(Message.to(LOAD).payload(new byte[256])))
                        .cast(Message.class)
                        .concatMap(handle::send));
            }
        }
    }

    private static void never() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends as much as the ring admits, from a handle of its own. */
    private void load(int bytes) {
        Flux<Message> messages =
                Flux.generate(sink -> sink.next(Message.to(LOAD).payload(new byte[bytes])));
        node.openHandle().sendAll(messages).subscribe(position -> {}, this::failed);
    }

    private void count(EvsHandle... handles) {
        for (EvsHandle handle : handles) {
            handle.join(LOAD).block();
            handle.deliveries().subscribe(this::count, this::failed);
        }
    }

    private void count(Delivery delivery) {
        delivered.incrementAndGet();
        if (delivery.sender().equals(node.id())) {
            completed.incrementAndGet();
        }
    }

    private void ends(Flux<Position> pipeline) {
        pipeline.subscribe(position -> completed.incrementAndGet(), this::failed, () -> failed(new Error("completed")));
    }

    private void failed(Throwable reason) {
        if (isLeaving) {
            return;
        }
        System.err.println("ended: " + reason);
        if (reason instanceof SlowSubscriberException) {
            slow.incrementAndGet();
        } else {
            failed.incrementAndGet();
        }
    }

    private void print() {
        System.out.println(delivered.get() + " " + completed.get() + " " + failed.get() + " " + slow.get() + " "
                + heapBytesAfterCollection());
    }

    private static long heapBytesAfterCollection() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getCollectionUsage();
            bytes += usage == null ? 0 : usage.getUsed();
        }
        return bytes;
    }

    private static void die(Throwable reason) {
        System.err.println("the node ended: " + reason);
        Mono.just(1).subscribe(System::exit, PipelineMember::die);
    }
}

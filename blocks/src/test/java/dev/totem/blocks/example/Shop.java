/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.blocks.Codec;
import dev.totem.blocks.FencedLock;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import dev.totem.testkit.TestRing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Many threads that wait for a ring, virtual ones where there are such; says what came of it, and whether one was pinned. */
final class Shop {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int VIRTUAL_SINCE = 21;
    private static final int CUSTOMERS = 100;

    private Shop() {}

    public static void main(String[] args) throws Exception {
        boolean isVirtual = Runtime.version().feature() >= VIRTUAL_SINCE;
        ExecutorService threads = threads(isVirtual);
        try (TestRing ring = TestRing.of(2);
                Recording recording = new Recording()) {
            ring.awaitOneRing().block(LIMIT);
            List<FencedLock> locks = new ArrayList<>();
            List<ReplicatedMap<String, String>> stock = new ArrayList<>();
            for (TotemNode node : ring.nodes()) {
                locks.add(FencedLock.of("locks", Quorum.none()).open(node).block(LIMIT));
                stock.add(ReplicatedMap.of("stock", Quorum.none(), Codec.utf8(), Codec.utf8())
                        .open(node)
                        .block(LIMIT));
            }
            // What a class does when it is first used is not what is looked at.
            sell(threads, locks, stock, 2);
            stock.get(0).put("pears", String.valueOf(CUSTOMERS)).block(LIMIT);
            recording
                    .enable("jdk.VirtualThreadPinned")
                    .withThreshold(Duration.ZERO)
                    .withStackTrace();
            recording.start();
            System.out.println("left: " + new TreeSet<>(sell(threads, locks, stock, CUSTOMERS)));
            System.out.println("counted: " + talk(threads, ring));
            recording.stop();
            pinned(recording).forEach(event -> System.out.println("pinned: " + event));
            System.out.println(isVirtual ? "virtual" : "platform");
        }
        threads.shutdown();
    }

    /** By name: this is compiled for a Java that has none. */
    private static ExecutorService threads(boolean isVirtual) throws ReflectiveOperationException {
        return isVirtual
                ? (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null)
                : Executors.newCachedThreadPool();
    }

    private static List<Long> sell(
            ExecutorService threads, List<FencedLock> locks, List<ReplicatedMap<String, String>> stock, int customers)
            throws Exception {
        List<Future<Long>> sales = new ArrayList<>();
        for (int customer = 0; customer < customers; customer++) {
            int node = customer % locks.size();
            sales.add(threads.submit(() -> Till.sell(locks.get(node), stock.get(node), "pears")));
        }
        List<Long> left = new ArrayList<>();
        for (Future<Long> sale : sales) {
            left.add(sale.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        }
        return left;
    }

    private static long talk(ExecutorService threads, TestRing ring) throws Exception {
        EvsHandle handle = ring.node(1).openHandle();
        handle.join("talk").block(LIMIT);
        Future<Long> counting = threads.submit(() -> Till.countUntil(handle, "enough"::equals));
        Future<?> saying = threads.submit(() -> {
            EvsHandle sender = ring.node(2).openHandle();
            while (!counting.isDone()) {
                for (int word = 0; word < 50; word++) {
                    sender.send(Message.to("talk").payload("word".getBytes(UTF_8)))
                            .block();
                }
                sender.send(Message.to("talk").payload("enough".getBytes(UTF_8)))
                        .block();
            }
        });
        long counted = counting.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        saying.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return counted;
    }

    private static List<RecordedEvent> pinned(Recording recording) throws Exception {
        Path file = Files.createTempFile("pinned", ".jfr");
        recording.dump(file);
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        Files.delete(file);
        return events;
    }
}

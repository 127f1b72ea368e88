/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.clients;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.totem.client.TotemClient;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Many clients of few executives, each in a group of its own and in one that all have in common. Immutable, any thread.
 *
 * @param attachSeconds until all were in their groups and everybody had been told
 * @param reached how many saw a message to the common group
 * @param reachMillis from its send until the last of them saw it
 * @param heapBytesAClient reachable at an executive, with those clients less without, divided by their number; the mean of the
 *     executives
 * @param directBytesAClient of its sockets beside that
 * @param residentBytesAClient of the whole process, as the system counts
 * @param idleCores CPU time of each executive in a while in which nobody sends, divided by it, with the clients
 * @param idleCoresBefore without them
 */
record Crowd(
        @JsonProperty("clients") int clients,
        @JsonProperty("executives") int executives,
        @JsonProperty("attach_s") double attachSeconds,
        @JsonProperty("reached") int reached,
        @JsonProperty("reach_ms") double reachMillis,
        @JsonProperty("heap_bytes_a_client") long heapBytesAClient,
        @JsonProperty("direct_bytes_a_client") long directBytesAClient,
        @JsonProperty("resident_bytes_a_client") long residentBytesAClient,
        @JsonProperty("idle_cores") List<Double> idleCores,
        @JsonProperty("idle_cores_before") List<Double> idleCoresBefore) {

    private static final String COMMON = "all";
    private static final Duration ATTACHES = Duration.ofMinutes(5);
    private static final Duration REACHES = Duration.ofSeconds(30);
    private static final int AT_ONCE = 32;

    /** @param idle how long nobody sends */
    static Crowd measure(ExecutiveRing ring, int clients, Duration idle, Consumer<String> progress)
            throws IOException, InterruptedException {
        int executives = ring.executives().size();
        List<Double> before = idleCores(ring, idle);
        long[] without = memory(ring);
        AtomicInteger reached = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(clients);
        List<TotemClient> attached = new ArrayList<>();
        try {
            long began = System.nanoTime();
            List<EvsHandle> handles = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                TotemClient next = ring.client(1 + client % executives);
                attached.add(next);
                handles.add(Objects.requireNonNull(next.openHandle().block()));
            }
            progress.accept(clients + " clients attached");
            for (EvsHandle handle : handles) {
                handle.events().ofType(Delivery.class).subscribe(delivery -> {
                    reached.incrementAndGet();
                    all.countDown();
                });
            }
            Flux.range(0, clients)
                    .flatMap(client -> handles.get(client).join("own-" + client, COMMON), AT_ONCE)
                    .blockLast(ATTACHES);
            awaitAllKnown(handles, clients);
            double attachSeconds = (System.nanoTime() - began) / 1e9;
            progress.accept("all in their groups");

            Duration settles = idle.dividedBy(2);
            Mono.delay(settles).block();
            List<Double> cores = idleCores(ring, idle);
            long[] with = memory(ring);

            long sent = System.nanoTime();
            handles.get(0).send(Message.to(COMMON).payload(new byte[100])).block(REACHES);
            boolean isByAll = all.await(REACHES.toSeconds(), TimeUnit.SECONDS);
            double reachMillis = isByAll ? (System.nanoTime() - sent) / 1e6 : Double.NaN;
            return new Crowd(
                    clients,
                    executives,
                    attachSeconds,
                    reached.get(),
                    reachMillis,
                    (with[0] - without[0]) / clients,
                    (with[1] - without[1]) / clients,
                    (with[2] - without[2]) / clients,
                    cores,
                    before);
        } finally {
            Flux.fromIterable(attached)
                    .flatMap(client -> client.close().onErrorComplete(), AT_ONCE)
                    .blockLast(ATTACHES);
        }
    }

    private static void awaitAllKnown(List<EvsHandle> handles, int clients) {
        for (EvsHandle handle : handles) {
            Mono.fromSupplier(() -> handle.members(COMMON).size())
                    .repeatWhen(again -> again.delayElements(Duration.ofMillis(20)))
                    .takeUntil(size -> size == clients)
                    .blockLast(ATTACHES);
        }
    }

    /** Heap, direct and resident bytes of all executives. */
    private static long[] memory(ExecutiveRing ring) throws IOException {
        long[] sums = new long[3];
        for (ExecutiveProcess executive : ring.executives()) {
            JsonNode answer = executive.ask("memory");
            sums[0] += answer.path("heap").asLong();
            sums[1] += answer.path("direct").asLong();
            sums[2] += executive.residentBytes();
        }
        return sums;
    }

    private static List<Double> idleCores(ExecutiveRing ring, Duration idle) {
        List<Duration> before =
                ring.executives().stream().map(ExecutiveProcess::cpu).toList();
        long began = System.nanoTime();
        Mono.delay(idle).block();
        double seconds = (System.nanoTime() - began) / 1e9;
        List<Double> cores = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            Duration used = ring.executives().get(i).cpu().minus(before.get(i));
            cores.add(used.toMillis() / 1e3 / seconds);
        }
        return cores;
    }

    /** Whether everybody saw the message once. */
    boolean isWhole() {
        return reached == clients;
    }
}

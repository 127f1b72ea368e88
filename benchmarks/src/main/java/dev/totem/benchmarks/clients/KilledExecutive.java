/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.clients;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.totem.client.TotemClient;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.SendFailedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code kill -9} of an executive while all its clients send. Immutable, any thread.
 *
 * @param clients all of them; a share of them was at the executive that was killed
 * @param acknowledged sends that completed, at all clients
 * @param unknown sends that failed as unknown: they may have been ordered
 * @param refused sends that failed as not ordered
 * @param goesOnMillis from the kill until the next send of a client of that executive completed, at its next one, client by client
 * @param lost acknowledged, and not seen at both other executives
 * @param doubled seen more than once at one of them
 * @param denied refused, and seen all the same
 */
record KilledExecutive(
        @JsonProperty("clients") int clients,
        @JsonProperty("acknowledged") long acknowledged,
        @JsonProperty("unknown") long unknown,
        @JsonProperty("refused") long refused,
        @JsonProperty("goes_on_ms") List<Double> goesOnMillis,
        @JsonProperty("lost") long lost,
        @JsonProperty("doubled") long doubled,
        @JsonProperty("denied") long denied) {

    private static final String GROUP = "storm";
    private static final int KILLED = 1;
    private static final int UNDER_WAY = 16;
    private static final int BYTES = 200;
    private static final Duration ANSWERS = Duration.ofSeconds(30);

    /** Sees every message at an executive that lives on. */
    private static final class Witness {
        private final Map<Long, Integer> seen = new ConcurrentHashMap<>();

        void follow(EvsHandle handle) {
            handle.join(GROUP).block(ANSWERS);
            handle.events()
                    .ofType(Delivery.class)
                    .subscribe(delivery ->
                            seen.merge(delivery.payloadView().getLong(), 1, Integer::sum));
        }
    }

    /** A client that sends, a few messages at a time, whatever comes of them. */
    private static final class Sender {
        private final int number;
        private final TotemClient client;
        private final EvsHandle handle;
        private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        private final Set<Long> refused = ConcurrentHashMap.newKeySet();
        private final LongAdder unknown = new LongAdder();
        private final AtomicLong next = new AtomicLong();
        private final AtomicLong firstAfterNanos = new AtomicLong();
        private volatile boolean stopped;
        private final Mono<Void> sending;

        Sender(int number, TotemClient client) {
            this.number = number;
            this.client = client;
            this.handle = Objects.requireNonNull(client.openHandle().block(ANSWERS));
            this.sending = Flux.range(0, UNDER_WAY)
                    .flatMap(lane -> Mono.defer(this::sendOne).repeat(() -> !stopped), UNDER_WAY)
                    .then()
                    .cache();
        }

        private Mono<Void> sendOne() {
            long name = (long) number << 40 | next.getAndIncrement();
            byte[] payload = new byte[BYTES];
            ByteBuffer.wrap(payload).putLong(name);
            Message message = Message.to(GROUP).payload(payload);
            return handle.send(name % 3 == 0 ? message.safe() : message)
                    .doOnNext(position -> {
                        acknowledged.add(name);
                        if (client.executive().value() != KILLED) {
                            firstAfterNanos.compareAndSet(0, System.nanoTime());
                        }
                    })
                    .onErrorResume(SendFailedException.class, failed -> {
                        if (failed.fate() == SendFailedException.Fate.REFUSED) {
                            refused.add(name);
                        } else {
                            unknown.increment();
                        }
                        return Mono.empty();
                    })
                    .then();
        }
    }

    /**
     * Kills the first executive after a while of load, and looks at what came of each send.
     *
     * @param ring of three at least
     * @param load how long before the kill, and after it
     */
    static KilledExecutive measure(ExecutiveRing ring, int clientsEach, Duration load) {
        int executives = ring.executives().size();
        List<TotemClient> attached = new ArrayList<>();
        List<Witness> witnesses = new ArrayList<>();
        for (int node = 2; node <= executives; node++) {
            TotemClient client = ring.client(node);
            attached.add(client);
            Witness witness = new Witness();
            witness.follow(Objects.requireNonNull(client.openHandle().block(ANSWERS)));
            witnesses.add(witness);
        }
        List<Sender> senders = new ArrayList<>();
        for (int number = 0; number < executives * clientsEach; number++) {
            TotemClient client = ring.client(1 + number % executives);
            attached.add(client);
            senders.add(new Sender(number, client));
        }
        try {
            senders.forEach(sender -> sender.sending.subscribe());
            Mono.delay(load).block();
            long killedAt = System.nanoTime();
            ring.executive(KILLED).kill();
            Mono.delay(load).block();
            senders.forEach(sender -> sender.stopped = true);
            Flux.fromIterable(senders).flatMap(sender -> sender.sending).blockLast(ANSWERS);
            awaitQuiet(witnesses);
            return judged(senders, witnesses, executives, killedAt);
        } finally {
            Flux.fromIterable(attached)
                    .flatMap(client -> client.close().onErrorComplete())
                    .blockLast(ANSWERS);
        }
    }

    private static void awaitQuiet(List<Witness> witnesses) {
        long before = -1;
        for (long now = count(witnesses); now != before; now = count(witnesses)) {
            before = now;
            Mono.delay(Duration.ofSeconds(1)).block();
        }
    }

    private static long count(List<Witness> witnesses) {
        return witnesses.stream().mapToLong(witness -> witness.seen.size()).sum();
    }

    private static KilledExecutive judged(
            List<Sender> senders, List<Witness> witnesses, int executives, long killedAtNanos) {
        List<Double> goesOn = new ArrayList<>();
        long acknowledged = 0;
        long unknown = 0;
        long refused = 0;
        long lost = 0;
        long denied = 0;
        for (Sender sender : senders) {
            acknowledged += sender.acknowledged.size();
            unknown += sender.unknown.sum();
            refused += sender.refused.size();
            if (sender.number % executives == 0) {
                long first = sender.firstAfterNanos.get();
                goesOn.add(first == 0 ? Double.NaN : (first - killedAtNanos) / 1e6);
            }
            for (Witness witness : witnesses) {
                lost += sender.acknowledged.stream()
                        .filter(name -> !witness.seen.containsKey(name))
                        .count();
                denied += sender.refused.stream()
                        .filter(witness.seen::containsKey)
                        .count();
            }
        }
        long doubled = witnesses.stream()
                .flatMap(witness -> witness.seen.values().stream())
                .filter(times -> times > 1)
                .count();
        return new KilledExecutive(senders.size(), acknowledged, unknown, refused, goesOn, lost, doubled, denied);
    }

    /** Whether every client went on, and what was said of each send is so. */
    boolean isWhole() {
        return lost == 0 && doubled == 0 && denied == 0 && goesOnMillis.stream().noneMatch(millis -> millis.isNaN());
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sealed nodes of one ring on loopback, each reaching the others one by one. */
final class LoopbackNodes implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private final Map<Integer, UdpTotem> starts = new TreeMap<>();
    private final Map<Integer, TotemNode> running = new ConcurrentHashMap<>();

    /** @param firstId the ids are this and the following */
    LoopbackNodes(Path directory, int firstId, int size, Consumer<TotemConfig.Builder> config) {
        this(directory, directory, firstId, size, config);
    }

    /** The same, with their state in another directory than their key. */
    LoopbackNodes(Path directory, Path state, int firstId, int size, Consumer<TotemConfig.Builder> config) {
        Path key = directory.resolve("ring-" + firstId + ".key");
        KeyFile.create(key);
        List<Integer> ports = TestLinks.freePorts("127.0.0.1", size);
        Peer[] peers = IntStream.range(0, size)
                .mapToObj(i -> Peer.of(firstId + i, "127.0.0.1", ports.get(i)))
                .toArray(Peer[]::new);
        for (Peer peer : peers) {
            starts.put(
                    peer.id().value(),
                    UdpTotem.create()
                            .nodeId(peer.id().value())
                            .bind(peer.host(), peer.port())
                            .peers(peers)
                            .seal(AeadSeal.fromKeyFile(key))
                            .stateDirectory(state)
                            .config(config));
        }
    }

    /** Starts those that do not run, and completes when all of them are one ring. */
    Mono<Void> start() {
        return Flux.fromIterable(starts.entrySet())
                .filter(entry -> !running.containsKey(entry.getKey()))
                .flatMap(entry -> entry.getValue().start().doOnNext(node -> running.put(entry.getKey(), node)))
                .then(Mono.defer(this::formed));
    }

    TotemNode node(int id) {
        return running.get(id);
    }

    /** Completes when a node has left. */
    Mono<Void> leave(int id) {
        return Mono.defer(() -> running.remove(id).leave());
    }

    /** Completes when a node is the only one of its ring. */
    Mono<Void> alone(int id) {
        return until(() -> node(id).membership().members().size() == 1);
    }

    /** Starts a node that has left, and waits for nothing. */
    void startAgain(int id) {
        starts.get(id).onBound(node -> running.put(id, node)).start().subscribe(node -> {}, error -> {});
    }

    private Mono<Void> formed() {
        return until(() -> running.values().stream()
                .allMatch(node -> node.membership().members().size() == starts.size()));
    }

    private static Mono<Void> until(BooleanSupplier holds) {
        return Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .filter(tick -> holds.getAsBoolean())
                .next()
                .then();
    }

    @Override
    public void close() {
        Flux.fromIterable(List.copyOf(running.values()))
                .flatMap(TotemNode::leave)
                .blockLast(LIMIT);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.NodeId;
import dev.totem.core.Statistics;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Real nodes on real sockets, sealed. */
class LoopbackRingIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int NODES = 3;

    private static final int SENDS_EACH = 40;

    @TempDir
    Path directory;

    private final Map<NodeId, EvsHandle> handles = new ConcurrentHashMap<>();
    private final List<TotemNode> running = new ArrayList<>();

    @BeforeEach
    void makesAKey() {
        KeyFile.create(directory.resolve("totem.key"));
    }

    @AfterEach
    void leaves() {
        Flux.fromIterable(running).flatMap(TotemNode::leave).blockLast(LIMIT);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void allNodesDeliverTheSameInTheSameOrder(boolean multicast, boolean nativeTransport) {
        List<UdpTotem> starts = starts(multicast, nativeTransport);
        starts.forEach(start -> running.add(start.start().block(LIMIT)));
        formed().block(LIMIT);

        // A subscriber sees what is delivered from its subscription on: nobody sends before all have begun.
        Map<EvsHandle, Sinks.Empty<Void>> attached = new ConcurrentHashMap<>();
        handles.values().forEach(handle -> attached.put(handle, Sinks.empty()));
        Mono<List<List<String>>> logs = Flux.fromIterable(handles.values())
                .flatMap(handle -> log(handle, attached.get(handle)))
                .collectList();
        Mono<Long> sends = Flux.fromIterable(attached.values())
                .flatMap(Sinks.Empty::asMono)
                .thenMany(Flux.fromIterable(handles.values()))
                .flatMap(handle -> Flux.range(0, SENDS_EACH).flatMap(i -> handle.send(new byte[1 + i * 701])))
                .count();
        var both = Mono.zip(logs, sends).block(LIMIT);

        assertThat(both.getT2()).isEqualTo(NODES * SENDS_EACH);
        assertThat(both.getT1()).hasSize(NODES);
        assertThat(both.getT1().get(0)).hasSize(NODES * SENDS_EACH);
        assertThat(both.getT1())
                .allSatisfy(log -> assertThat(log).isEqualTo(both.getT1().get(0)));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aNodeThatHasLeftCanStartAgainAtOnce(boolean nativeTransport) {
        List<UdpTotem> starts = starts(true, nativeTransport);
        starts.forEach(start -> running.add(start.start().block(LIMIT)));
        formed().block(LIMIT);

        running.remove(0).leave().block(LIMIT);
        running.add(starts.get(0).start().block(LIMIT));

        formed().block(LIMIT);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aNodeWithAnotherKeyIsHeardByNobodyAndHearsNobody(boolean multicast) {
        KeyFile.create(directory.resolve("other.key"));
        List<UdpTotem> starts = starts(multicast, true);
        running.add(starts.get(0).start().block(LIMIT));
        running.add(starts.get(1).start().block(LIMIT));
        running.add(starts.get(2)
                .seal(AeadSeal.fromKeyFile(directory.resolve("other.key")))
                .start()
                .block(LIMIT));

        Flux.fromIterable(running)
                .flatMap(node -> Flux.interval(Duration.ofMillis(20))
                        .filter(tick -> node.stats().get(Statistics.REFUSED_NOT_AUTHENTIC) > 20)
                        .next())
                .blockLast(LIMIT);

        assertThat(running.get(0).membership().members()).containsExactly(NodeId.of(1), NodeId.of(2));
        assertThat(running.get(1).membership().members()).containsExactly(NodeId.of(1), NodeId.of(2));
        assertThat(running.get(2).membership().members()).containsExactly(NodeId.of(3));
    }

    /** All handles have joined, and all nodes are members of one configuration. */
    private Mono<Void> formed() {
        return Flux.fromIterable(handles.values())
                .flatMap(handle -> handle.configChanges()
                        .filter(change -> change.members().size() == NODES)
                        .next()
                        .then(handle.join("group")))
                .then();
    }

    private static Mono<List<String>> log(EvsHandle handle, Sinks.Empty<Void> sees) {
        return handle.events()
                .doOnNext(event -> sees.tryEmitEmpty())
                .ofType(Delivery.class)
                .take(NODES * SENDS_EACH)
                .map(LoopbackRingIT::line)
                .collectList();
    }

    private static String line(Delivery delivery) {
        return delivery.position() + " from " + delivery.sender();
    }

    private List<UdpTotem> starts(boolean multicast, boolean nativeTransport) {
        List<Integer> ports = TestLinks.freePorts("127.0.0.1", NODES + 1);
        Peer[] peers = IntStream.rangeClosed(1, NODES)
                .mapToObj(id -> Peer.of(id, "127.0.0.1", ports.get(id)))
                .toArray(Peer[]::new);
        AeadSeal seal = AeadSeal.fromKeyFile(directory.resolve("totem.key"));
        Map<Integer, UdpTotem> starts = new TreeMap<>();
        for (Peer peer : peers) {
            UdpTotem start = UdpTotem.create()
                    .nodeId(peer.id().value())
                    .bind(peer.host(), peer.port())
                    .seal(seal)
                    .stateDirectory(directory)
                    .nativeTransport(nativeTransport)
                    .onBound(node -> handles.put(node.id(), node.openHandle()));
            starts.put(
                    peer.id().value(), multicast ? start.multicast("239.192.7.2", ports.get(0)) : start.peers(peers));
        }
        return List.copyOf(starts.values());
    }
}

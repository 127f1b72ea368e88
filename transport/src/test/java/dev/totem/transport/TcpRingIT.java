/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

/** Whole nodes, sealed, that are connected by TCP. */
class TcpRingIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int NODES = 3;
    private static final int SENDS_EACH = 40;

    @TempDir
    Path folder;

    private final Map<Integer, TotemNode> nodes = new TreeMap<>();
    private final Map<Integer, List<String>> logs = new TreeMap<>();
    private final List<EvsHandle> handles = new ArrayList<>();
    private final List<Integer> ports = TestLinks.freeTcpPorts("127.0.0.1", NODES);

    @BeforeEach
    void makesAKey() {
        KeyFile.create(folder.resolve("key"));
    }

    @AfterEach
    void allLeave() {
        Flux.fromIterable(nodes.values()).flatMap(TotemNode::leave).blockLast(LIMIT);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void allNodesDeliverTheSameInTheSameOrder(boolean isListed, boolean nativeTransport) {
        for (int id = 1; id <= NODES; id++) {
            start(id, isListed, nativeTransport);
        }
        until(this::isFormed);
        handles.forEach(handle -> handle.join("group").block(LIMIT));

        Long sent = Flux.fromIterable(handles)
                .flatMap(handle -> Flux.range(0, SENDS_EACH).flatMap(i -> handle.send(new byte[1 + i * 7_001])))
                .count()
                .block(LIMIT);

        assertThat(sent).isEqualTo(NODES * SENDS_EACH);
        until(() -> logs.values().stream().allMatch(log -> log.size() == NODES * SENDS_EACH));
        assertThat(logs.get(2)).isEqualTo(logs.get(1));
        assertThat(logs.get(3)).isEqualTo(logs.get(1));
    }

    @Test
    void aNodeThatHasLeftComesBackAtTheSamePort() {
        for (int id = 1; id <= NODES; id++) {
            start(id, true, true);
        }
        until(this::isFormed);

        nodes.remove(2).leave().block(LIMIT);
        until(() -> nodes.get(1).membership().members().size() == NODES - 1);
        start(2, true, true);

        until(this::isFormed);
    }

    private void start(int id, boolean isListed, boolean nativeTransport) {
        TcpTotem totem = TcpTotem.create()
                .nodeId(id)
                .bind("127.0.0.1", ports.get(id - 1))
                .seal(AeadSeal.fromKeyFile(folder.resolve("key")))
                .stateDirectory(folder.resolve("state"))
                .nativeTransport(nativeTransport)
                .onBound(node -> watch(id, node));
        totem = isListed
                ? totem.peers(
                        Peer.of(1, "127.0.0.1", ports.get(0)),
                        Peer.of(2, "127.0.0.1", ports.get(1)),
                        Peer.of(3, "127.0.0.1", ports.get(2)))
                : totem.discover(StaticPeers.of("127.0.0.1:" + ports.get(id % NODES)));
        nodes.put(id, totem.start().block(LIMIT));
    }

    private void watch(int id, TotemNode node) {
        List<String> log = java.util.Collections.synchronizedList(new ArrayList<>());
        EvsHandle handle = node.openHandle();
        handle.deliveries().subscribe(delivery -> log.add(text(delivery)), failed -> {});
        synchronized (this) {
            logs.put(id, log);
            handles.add(handle);
        }
    }

    private static String text(Delivery delivery) {
        return delivery.position() + " " + delivery.sender() + " " + delivery.payloadBytes();
    }

    private boolean isFormed() {
        return nodes.values().stream()
                .allMatch(node -> node.membership().members().size() == NODES);
    }

    private static void until(BooleanSupplier holds) {
        Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .filter(tick -> holds.getAsBoolean())
                .next()
                .block(LIMIT);
    }
}

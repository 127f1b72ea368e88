/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Replication;
import dev.totem.core.Statistics;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** Whole nodes, sealed, that use a group while all hear each other by it. */
class AutoRingIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String HOST = "127.0.0.1";
    private static final String GROUP = "239.192.18.6";
    private static final int NODES = 3;
    private static final int SENDS = 100;
    private static final int BYTES = 20_000;

    @TempDir
    Path folder;

    private final List<TotemNode> nodes = new ArrayList<>();
    private final List<Integer> ports = TestLinks.freePorts(HOST, NODES + 1);

    @BeforeEach
    void makesAKey() {
        KeyFile.create(folder.resolve("key"));
    }

    @AfterEach
    void allLeave() {
        Flux.fromIterable(nodes).flatMap(TotemNode::leave).blockLast(LIMIT);
    }

    private UdpTotem node(int id) {
        return UdpTotem.create()
                .nodeId(id)
                .bind(HOST, ports.get(id - 1))
                .discover(StaticPeers.of(HOST + ":" + ports.get(id % NODES)))
                .seal(AeadSeal.fromKeyFile(folder.resolve("key")))
                .stateDirectory(folder.resolve("state"));
    }

    private void until(long networksFaulty) {
        Flux.interval(Duration.ofMillis(10))
                .onBackpressureDrop()
                .filter(tick -> nodes.stream()
                        .allMatch(node -> node.membership().members().size() == nodes.size()
                                && node.stats().get(Statistics.LINK_NETWORKS_FAULTY) == networksFaulty))
                .next()
                .block(LIMIT);
    }

    private void startAll(int withGroup) {
        for (int id = 1; id <= NODES; id++) {
            UdpTotem node = node(id);
            nodes.add((id <= withGroup ? node.auto(GROUP, ports.get(NODES)) : node)
                    .start()
                    .block(LIMIT));
        }
    }

    @Test
    void messagesGoByTheGroupWhenAllHearEachOtherThere() {
        startAll(NODES);
        until(0);
        EvsHandle handle = nodes.get(0).openHandle();
        handle.join("g").block(LIMIT);
        long before = nodes.get(0).stats().get(Statistics.LINK_FRAME_BYTES_SENT);

        Flux.range(0, SENDS)
                .flatMap(i -> handle.send(Message.to("g").payload(new byte[BYTES])))
                .blockLast(LIMIT);

        // One by one there would be a copy for each of the others.
        long sent = nodes.get(0).stats().get(Statistics.LINK_FRAME_BYTES_SENT) - before;
        assertThat(sent).isBetween((long) SENDS * BYTES, (NODES - 1) * SENDS * BYTES - 1L);
    }

    @Test
    void aMemberWithoutTheGroupIsSentToOneByOne() {
        startAll(NODES - 1);
        Flux.interval(Duration.ofMillis(10))
                .onBackpressureDrop()
                .filter(tick -> nodes.stream()
                        .allMatch(node -> node.membership().members().size() == NODES))
                .next()
                .block(LIMIT);
        EvsHandle handle = nodes.get(0).openHandle();
        handle.join("g").block(LIMIT);

        Flux.range(0, 50)
                .flatMap(i -> handle.send(Message.to("g").safe().payload(new byte[1_000])))
                .blockLast(LIMIT);

        assertThat(nodes.get(0).stats().get(Statistics.LINK_NETWORKS_FAULTY)).isEqualTo(1);
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> node(1).auto(GROUP, 5_405)
                        .redundant(Replication.PASSIVE, Network.bound(HOST, 0).multicast(GROUP, 5_405))
                        .start()
                        .block(LIMIT))
                .withMessageContaining("several networks");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> node(1).multicast(GROUP, 5_405)
                        .auto(GROUP, 5_405)
                        .start()
                        .block(LIMIT))
                .withMessageContaining("peers(…) or discover(…)");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> node(1).auto("10.0.0.1", 5_405).start().block(LIMIT))
                .withMessageContaining("not a multicast address");
    }
}

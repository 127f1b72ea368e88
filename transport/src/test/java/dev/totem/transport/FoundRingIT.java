/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.TotemNode;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** Whole nodes, sealed, that find each other. */
@SuppressWarnings("AddressSelection")
class FoundRingIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final List<TotemNode> nodes = new ArrayList<>();

    @AfterEach
    void allLeave() {
        Flux.fromIterable(nodes).flatMap(TotemNode::leave).blockLast(LIMIT);
    }

    @Test
    void ofAChainInWhichEachKnowsOneOtherAllBecomeOneRing() {
        List<Integer> ports = TestLinks.freePorts("127.0.0.1", 5);
        for (int id = 1; id <= 5; id++) {
            start(id, ports.get(id - 1), StaticPeers.of("127.0.0.1:" + ports.get(id % 5 == 0 ? 3 : id)));
        }
        await(5);
    }

    @Test
    void strangersAmongTheCandidatesAreHarmless() {
        List<Integer> ports = TestLinks.freePorts("127.0.0.1", 3);
        Set<InetSocketAddress> all = new HashSet<>();
        ports.forEach(port -> all.add(new InetSocketAddress("127.0.0.1", port)));
        for (int i = 1; i < 200; i++) {
            all.add(new InetSocketAddress("127.0.1." + i, 9));
        }
        all.add(new InetSocketAddress("::1", 9));
        all.add(InetSocketAddress.createUnresolved("nowhere", 9));
        for (int id = 1; id <= 3; id++) {
            start(id, ports.get(id - 1), () -> Flux.just(all));
        }
        await(3);
    }

    @Test
    void aDiscoveryThatFailsIsAskedAgain() {
        List<Integer> ports = TestLinks.freePorts("127.0.0.1", 2);
        int[] asked = {0};
        start(1, ports.get(0), () -> Flux.never());
        start(
                2,
                ports.get(1),
                () -> Flux.defer(() -> asked[0]++ < 2
                        ? Flux.error(new IllegalStateException("not yet"))
                        : Flux.just(Set.of(new InetSocketAddress("127.0.0.1", ports.get(0))))));
        await(2);
        assertThat(asked[0]).isEqualTo(3);
    }

    @Test
    void nodesOfOneGroupFindEachOther() {
        int meeting = TestLinks.freePorts("127.0.0.1", 1).get(0);
        for (int id = 1; id <= 3; id++) {
            start(id, 0, MulticastPeers.of("239.192.7.9", meeting));
        }
        await(3);
    }

    @Test
    void aNodeThatIsAddedToTheFileJoinsAndOneThatComesBackElsewhereToo() throws Exception {
        Path file = folder.resolve("peers");
        List<Integer> ports = TestLinks.freePorts("127.0.0.1", 4);
        write(file, ports.get(0));
        start(1, ports.get(0), FilePeers.of(file));
        start(2, ports.get(1), FilePeers.of(file));
        await(2);
        start(3, ports.get(2), () -> Flux.never());
        write(file, ports.get(0), ports.get(2));
        await(3);

        nodes.remove(2).leave().block(LIMIT);
        await(2);
        write(file, ports.get(3));
        start(3, ports.get(3), () -> Flux.never());
        await(3);
    }

    private static void write(Path file, int... ports) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int port : ports) {
            lines.append("127.0.0.1:").append(port).append('\n');
        }
        Files.move(Files.writeString(Path.of(file + ".new"), lines), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void start(int id, int port, PeerDiscovery discovery) {
        Path key = folder.resolve("key");
        if (!Files.exists(key)) {
            KeyFile.create(key);
        }
        nodes.add(UdpTotem.create()
                .nodeId(id)
                .bind("127.0.0.1", port)
                .discover(discovery)
                .seal(AeadSeal.fromKeyFile(key))
                .stateDirectory(folder)
                .start()
                .block(LIMIT));
    }

    private void await(int members) {
        until(() -> nodes.stream().allMatch(node -> node.membership().members().size() == members));
    }

    private static void until(BooleanSupplier holds) {
        Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .filter(tick -> holds.getAsBoolean())
                .next()
                .block(LIMIT);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.BufferLimits;
import dev.totem.core.EvsHandle;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.DatagramLink;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import dev.totem.transport.Peer;
import dev.totem.transport.UdpTotem;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The larger examples of the README, on rings of loopback. */
class ExamplesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<TotemNode> nodes = new ArrayList<>();
    private final List<Side> sides = new CopyOnWriteArrayList<>();

    @AfterEach
    void leaves() {
        Flux.fromIterable(nodes).flatMap(TotemNode::leave).blockLast(LIMIT);
    }

    @Test
    void everyoneGrantsTheLockToTheSameOneOfTwoThatAskAtTheSameTime() throws Exception {
        ring(3);
        List<LockService> locks = nodes.stream()
                .map(node -> new LockService(node.openHandle(), 2))
                .toList();
        List<List<NodeId>> grants = new ArrayList<>();
        for (LockService lock : locks) {
            List<NodeId> seen = new CopyOnWriteArrayList<>();
            grants.add(seen);
            lock.holder()
                    .flatMap(holder -> Mono.justOrEmpty(holder.map(LockService.Grant::holder)))
                    .subscribe(seen::add, error -> seen.add(NodeId.of(999)));
        }
        await(() -> nodes.stream().allMatch(node -> node.stats().get("members") == 3));

        Mono.when(locks.get(0).acquire(), locks.get(1).acquire()).block(LIMIT);
        await(() -> grants.stream().allMatch(seen -> seen.size() == 1));
        NodeId first = grants.get(0).get(0);
        locks.get(first.value() - 1).release().block(LIMIT);
        await(() -> grants.stream().allMatch(seen -> seen.size() == 2));

        assertThat(grants).allMatch(seen -> seen.equals(grants.get(0)));
        assertThat(grants.get(0)).containsExactlyInAnyOrder(NodeId.of(1), NodeId.of(2));
    }

    @Test
    void theMapGoesOnInBothPartsAndAgreesAfterTheMerge() throws Exception {
        ring(3);
        List<ReplicatedMap> maps =
                nodes.stream().map(node -> new ReplicatedMap(node.openHandle())).toList();
        List<String> errors = new CopyOnWriteArrayList<>();
        maps.forEach(map -> map.run().subscribe(told -> {}, error -> errors.add(String.valueOf(error))));
        maps.get(0).put("both", "before").block(LIMIT);
        await(() -> maps.stream().allMatch(map -> "before".equals(map.get("both"))));

        sides.get(2).isAlone = true;
        await(() -> nodes.get(2).membership().members().size() == 1
                && nodes.get(0).membership().members().size() == 2);
        maps.get(2).put("here", "alone").block(LIMIT);
        maps.get(0).put("there", "together").block(LIMIT);
        maps.get(2).put("both", "alone").block(LIMIT);
        maps.get(0).put("both", "together").block(LIMIT);
        assertThat(maps.get(0).get("here")).isNull();
        sides.get(2).isAlone = false;

        await(() -> maps.stream()
                .allMatch(map -> map.size() == 3
                        && Optional.ofNullable(map.get("both"))
                                .equals(Optional.ofNullable(maps.get(0).get("both")))));
        assertThat(maps).allMatch(map -> map.get("here").equals("alone"));
        assertThat(maps).allMatch(map -> map.get("there").equals("together"));
        assertThat(maps.get(0).get("both")).isIn("alone", "together");
        assertThat(errors).isEmpty();
    }

    @Test
    void aFileGoesThroughTheRingToTwoFilesUnderBackpressure() throws Exception {
        ring(2);
        byte[] content = new byte[6_000_000];
        new Random(4).nextBytes(content);
        Path from = Files.write(folder.resolve("from"), content);
        List<Path> to = List.of(folder.resolve("to-1"), folder.resolve("to-2"));
        EvsHandle sender = nodes.get(0).openHandle();

        List<EvsHandle> receivers = nodes.stream().map(TotemNode::openHandle).toList();
        Mono<Void> received = Mono.when(
                FilePipeline.receive(receivers.get(0), to.get(0)), FilePipeline.receive(receivers.get(1), to.get(1)));
        Mono<Void> both = Mono.when(
                received,
                Flux.interval(Duration.ofMillis(2))
                        .filter(tick -> receivers.stream()
                                .noneMatch(handle -> handle.groups().isEmpty()))
                        .next()
                        .thenMany(FilePipeline.send(from, sender))
                        .then());
        both.block(LIMIT);

        assertThat(to).allSatisfy(file -> assertThat(file).hasBinaryContent(content));
    }

    private void ring(int size) throws Exception {
        Path key = folder.resolve("totem.key");
        KeyFile.create(key);
        List<DatagramSocket> held = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            held.add(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        }
        Peer[] peers = new Peer[size];
        for (int i = 0; i < size; i++) {
            peers[i] = Peer.of(i + 1, "127.0.0.1", held.get(i).getLocalPort());
        }
        held.forEach(DatagramSocket::close);
        for (Peer peer : peers) {
            UdpTotem start = UdpTotem.create()
                    .nodeId(peer.id().value())
                    .bind(peer.host(), peer.port())
                    .peers(peers)
                    .seal(AeadSeal.fromKeyFile(key))
                    .stateDirectory(folder)
                    .link(link -> {
                        Side side = new Side(link);
                        sides.add(side);
                        return side;
                    })
                    .config(config -> config.withBuffers(BufferLimits.defaults().withSubscriberEvents(64)));
            nodes.add(start.start().block(LIMIT));
        }
        await(() -> nodes.stream().allMatch(node -> node.membership().members().size() == size));
    }

    private static void await(BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .filter(tick -> condition.getAsBoolean())
                .blockFirst(LIMIT);
    }

    /** A link that can lose everything. */
    private static final class Side implements DatagramLink {

        private final DatagramLink link;
        private volatile boolean isAlone;

        Side(DatagramLink link) {
            this.link = link;
        }

        @Override
        public int frameBytesMax() {
            return link.frameBytesMax();
        }

        @Override
        public void start(Receiver receiver) {
            link.start(new Receiver() {
                @Override
                public void received(ByteBuffer bytes, SocketAddress source) {
                    if (!isAlone) {
                        receiver.received(bytes, source);
                    }
                }

                @Override
                public void readComplete() {
                    receiver.readComplete();
                }
            });
        }

        @Override
        public void multicast(ByteBuffer frame) {
            if (isAlone) {
                frame.position(frame.limit());
            } else {
                link.multicast(frame);
            }
        }

        @Override
        public void reply(SocketAddress source, ByteBuffer frame) {
            if (isAlone) {
                frame.position(frame.limit());
            } else {
                link.reply(source, frame);
            }
        }

        @Override
        public void unicast(NodeId to, ByteBuffer frame) {
            if (isAlone) {
                frame.position(frame.limit());
            } else {
                link.unicast(to, frame);
            }
        }

        @Override
        public void flush() {
            link.flush();
        }

        @Override
        public void learn(NodeId node, SocketAddress source) {
            link.learn(node, source);
        }

        @Override
        public SortedMap<String, Long> counters() {
            return link.counters();
        }

        @Override
        public Mono<Void> close() {
            return link.close();
        }
    }
}

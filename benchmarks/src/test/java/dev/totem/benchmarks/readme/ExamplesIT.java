/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.cli.CuttableLink;
import dev.totem.core.EvsHandle;
import dev.totem.core.NodeId;
import dev.totem.core.Settings;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import dev.totem.transport.Peer;
import dev.totem.transport.UdpTotem;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The programs of docs/EXAMPLES.md, on rings of loopback. */
class ExamplesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<TotemNode> nodes = new ArrayList<>();
    private final List<CuttableLink> links = new CopyOnWriteArrayList<>();

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
        Flux.fromIterable(locks).concatMap(LockService::start).blockLast(LIMIT);

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
        maps.subList(0, 2).forEach(map -> run(map, errors));
        maps.get(0).put("both", "before").block(LIMIT);
        run(maps.get(2), errors);
        await(() -> maps.stream().allMatch(map -> "before".equals(map.get("both"))));

        links.get(2).cut(true);
        await(() -> nodes.get(2).membership().members().size() == 1
                && nodes.get(0).membership().members().size() == 2);
        maps.get(2).put("here", "alone").block(LIMIT);
        maps.get(0).put("there", "together").block(LIMIT);
        maps.get(2).put("both", "alone").block(LIMIT);
        maps.get(0).put("both", "together").block(LIMIT);
        assertThat(maps.get(0).get("here")).isNull();
        links.get(2).cut(false);

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

    /** Comes back when the map runs. */
    private static void run(ReplicatedMap map, List<String> errors) {
        Sinks.Empty<Void> isRunning = Sinks.empty();
        map.run().subscribe(position -> isRunning.tryEmitEmpty(), error -> errors.add(String.valueOf(error)));
        isRunning.asMono().block(LIMIT);
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
                        CuttableLink cuttable = new CuttableLink(link);
                        links.add(cuttable);
                        return cuttable;
                    })
                    .config(config -> config.set(Settings.SUBSCRIBER_EVENTS, 64));
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
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.blocks.ReplicatedMap;
import dev.totem.cli.CuttableLink;
import dev.totem.core.EvsHandle;
import dev.totem.core.SendFailedException;
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
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
    void oneAfterTheOtherPays() throws Exception {
        ring(3);
        List<String> tokens = new CopyOnWriteArrayList<>();
        Function<String, Mono<Long>> account = token -> Mono.fromCallable(() -> {
            tokens.add(token);
            return (long) tokens.size();
        });
        List<Long> paid = Flux.fromIterable(nodes)
                .flatMap(PayDay::open)
                .flatMap(locks -> PayDay.pay(locks, account))
                .collectList()
                .block(LIMIT);

        assertThat(paid).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theMapGoesOnWhereTheMajorityIsAndIsTheSameAfterTheMerge() throws Exception {
        ring(3);
        List<ReplicatedMap<String, String>> prices = Flux.fromIterable(nodes)
                .flatMapSequential(Prices::open)
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();
        Mono.when(prices.stream().map(ReplicatedMap::inState).toList()).block(LIMIT);
        List<String> shown = new CopyOnWriteArrayList<>();
        Prices.show(prices.get(2)).subscribe(shown::add, error -> shown.add(String.valueOf(error)));
        Prices.change(prices.get(2), "apples", "1.20").block(LIMIT);

        links.get(2).cut(true);
        await(() -> nodes.get(2).membership().members().size() == 1
                && nodes.get(0).membership().members().size() == 2);
        assertThatThrownBy(() -> prices.get(2).put("apples", "1.10").block(LIMIT))
                .isInstanceOf(SendFailedException.class)
                .hasMessageContaining("may not decide");
        Prices.change(prices.get(0), "apples", "1.30").block(LIMIT);
        links.get(2).cut(false);

        await(() -> shown.size() == 2);
        assertThat(shown).containsExactly("apples: 1.20", "apples: 1.30");
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

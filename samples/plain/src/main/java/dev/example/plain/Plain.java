/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.plain;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import dev.totem.transport.Peer;
import dev.totem.transport.UdpTotem;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Three nodes say things at the same time, and are delivered them in the same order. */
public final class Plain {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int NODES = 3;
    private static final int EACH = 3;

    private Plain() {}

    public static void main(String[] args) throws IOException {
        Path directory = Files.createTempDirectory("totem-plain");
        Path key = directory.resolve("key");
        KeyFile.create(key);
        Peer[] peers = peers();
        List<EvsHandle> handles = new ArrayList<>();
        List<TotemNode> nodes = new ArrayList<>();
        for (Peer peer : peers) {
            TotemNode node = UdpTotem.create()
                    .nodeId(peer.id().value())
                    .bind(peer.host(), peer.port())
                    .peers(peers)
                    .seal(AeadSeal.fromKeyFile(key))
                    .stateDirectory(directory)
                    .start()
                    .blockOptional(LIMIT)
                    .orElseThrow();
            nodes.add(node);
            handles.add(node.openHandle());
        }

        // Who listens before all are there sees each of them come; here all wait until the ring is whole.
        Flux.fromIterable(handles)
                .flatMap(handle -> handle.configChanges().filter(Plain::isWhole).next())
                .blockLast(LIMIT);
        List<Mono<List<String>>> heard =
                handles.stream().map(Plain::listen).map(Mono::cache).toList();
        heard.forEach(one -> one.subscribe(lines -> {}, failure -> System.err.println(failure)));
        Flux.fromIterable(handles).flatMap(handle -> handle.join("talk")).blockLast(LIMIT);

        Flux.fromIterable(handles).flatMap(Plain::speak).blockLast(LIMIT);
        List<List<String>> orders =
                Flux.concat(heard).collectList().blockOptional(LIMIT).orElseThrow();
        orders.forEach(System.out::println);
        System.out.println(orders.stream().distinct().count() == 1 ? "all in the same order" : "NOT THE SAME ORDER");
        Mono.when(nodes.stream().map(TotemNode::leave).toList()).block(LIMIT);
    }

    private static boolean isWhole(ConfigChange change) {
        return change.isRegular() && change.members().size() == NODES;
    }

    private static Mono<List<String>> listen(EvsHandle handle) {
        return handle.deliveries()
                .map(Delivery::payload)
                .map(bytes -> new String(bytes, UTF_8))
                .take(NODES * EACH)
                .collectList();
    }

    private static Flux<?> speak(EvsHandle handle) {
        return handle.sendAll(Flux.range(1, EACH)
                .map(i -> Message.to("talk").payload((handle.id().node() + " says " + i).getBytes(UTF_8))));
    }

    private static Peer[] peers() throws IOException {
        List<DatagramSocket> sockets = new ArrayList<>();
        Peer[] peers = new Peer[NODES];
        for (int i = 0; i < NODES; i++) {
            DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            peers[i] = Peer.of(i + 1, "127.0.0.1", socket.getLocalPort());
        }
        sockets.forEach(DatagramSocket::close);
        return peers;
    }
}

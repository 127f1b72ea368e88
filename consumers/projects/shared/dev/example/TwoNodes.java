/* SPDX-License-Identifier: Apache-2.0 */
package dev.example;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import dev.totem.security.KeySource;
import dev.totem.transport.Peer;
import dev.totem.transport.UdpTotem;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Two nodes on loopback become a ring, and one tells the other something; with the cryptography of a provider if its class is named. */
public final class TwoNodes {

    private TwoNodes() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("two-nodes");
        KeyFile.create(directory.resolve("key"));
        AeadSeal seal = args.length == 0
                ? AeadSeal.fromKeyFile(directory.resolve("key"))
                : AeadSeal.withProvider(KeySource.file(directory.resolve("key")), installed(args[0]));
        int[] ports = freePorts();
        UdpTotem one = UdpTotem.create()
                .nodeId(1)
                .bind("127.0.0.1", ports[0])
                .peers(Peer.of(2, "127.0.0.1", ports[1]))
                .seal(seal)
                .stateDirectory(directory);
        UdpTotem two = one.nodeId(2).bind("127.0.0.1", ports[1]).peers(Peer.of(1, "127.0.0.1", ports[0]));

        Delivery delivery = Mono.zip(one.start(), two.start())
                .flatMap(nodes -> tell(nodes.getT1(), nodes.getT2())
                        .delayUntil(told -> Mono.when(nodes.getT1().leave(), nodes.getT2().leave())))
                .block(Duration.ofSeconds(30));

        System.out.println("delivered " + new String(delivery.payload(), StandardCharsets.UTF_8));
    }

    private static Mono<Delivery> tell(TotemNode from, TotemNode to) {
        EvsHandle speaker = from.openHandle();
        EvsHandle listener = to.openHandle();
        Message hello = Message.to("example").payload("hello".getBytes(StandardCharsets.UTF_8));
        // Whoever listens before he joins misses nothing.
        Mono<Delivery> heard = listener.deliveries().next();
        Mono<?> said = listener.join("example")
                .thenMany(speaker.events())
                .filter(event -> event instanceof ConfigChange change && change.members().size() == 2)
                .next()
                .then(speaker.send(hello));
        return heard.zipWith(said, (delivery, position) -> delivery);
    }

    private static String installed(String provider) throws Exception {
        Provider made = (Provider) Class.forName(provider).getConstructor().newInstance();
        Security.addProvider(made);
        return made.getName();
    }

    private static int[] freePorts() throws Exception {
        try (DatagramSocket first = new DatagramSocket();
                DatagramSocket second = new DatagramSocket()) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.example;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import dev.totem.transport.Peer;
import dev.totem.transport.UdpTotem;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/** Two nodes as beans; one tells the other something when the application runs. */
@SpringBootApplication
public class BootApplication {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    public static void main(String[] args) {
        SpringApplication.run(BootApplication.class, args).close();
    }

    @Bean
    Ports ports() throws Exception {
        try (DatagramSocket one = new DatagramSocket();
                DatagramSocket two = new DatagramSocket()) {
            return new Ports(one.getLocalPort(), two.getLocalPort());
        }
    }

    @Bean
    UdpTotem common(Ports ports) throws Exception {
        Path directory = Files.createTempDirectory("boot");
        KeyFile.create(directory.resolve("key"));
        return UdpTotem.create()
                .peers(Peer.of(1, "127.0.0.1", ports.one()), Peer.of(2, "127.0.0.1", ports.two()))
                .seal(AeadSeal.fromKeyFile(directory.resolve("key")))
                .stateDirectory(directory);
    }

    @Bean(destroyMethod = "")
    TotemNode one(UdpTotem common, Ports ports) {
        return common.nodeId(1).bind("127.0.0.1", ports.one()).start().block(LIMIT);
    }

    @Bean(destroyMethod = "")
    TotemNode two(UdpTotem common, Ports ports) {
        return common.nodeId(2).bind("127.0.0.1", ports.two()).start().block(LIMIT);
    }

    @Bean
    CommandLineRunner tell(TotemNode one, TotemNode two) {
        return arguments -> {
            EvsHandle speaker = one.openHandle();
            EvsHandle listener = two.openHandle();
            Message hello = Message.to("example").payload("hello".getBytes(StandardCharsets.UTF_8));
            // Whoever listens before he joins misses nothing.
            Mono<?> said = listener.join("example")
                    .thenMany(speaker.events())
                    .filter(event -> event instanceof ConfigChange change && change.members().size() == 2)
                    .next()
                    .then(speaker.send(hello));
            String heard = listener.deliveries()
                    .next()
                    .zipWith(said, (delivery, position) -> new String(delivery.payload(), StandardCharsets.UTF_8))
                    .delayUntil(told -> Mono.when(one.leave(), two.leave()))
                    .block(LIMIT);
            System.out.println("delivered " + heard);
        };
    }

    record Ports(int one, int two) {}
}

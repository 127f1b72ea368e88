/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.transport.UdpTotem;
import java.nio.file.Path;
import java.time.Duration;
import reactor.core.publisher.Flux;

public final class Hello {

    public static void main(String[] args) {
        int id = Integer.parseInt(args[0]);
        TotemNode node = UdpTotem.create()
                .nodeId(id)
                .bind("127.0.0.1", 5410 + id)
                .multicast("239.192.0.1", 5410)
                .seal(AeadSeal.fromKeyFile(Path.of(args[1])))
                .stateDirectory(Path.of(args[2]))
                .start()
                .block();

        EvsHandle handle = node.openHandle();
        handle.deliveries().map(Hello::line).subscribe(System.out::println);
        handle.configChanges().subscribe(System.out::println);
        handle.join("hello").block();

        Flux<Message> greetings = Flux.interval(Duration.ofMillis(500))
                .take(10)
                .map(i -> Message.to("hello").payload(("greeting " + i + " of node " + id).getBytes(UTF_8)));
        handle.sendAll(greetings).then(node.leave()).block();
    }

    private static String line(Delivery delivery) {
        return delivery.position() + " " + new String(delivery.payload(), UTF_8);
    }
}

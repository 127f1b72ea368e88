/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.transport.UdpTotem;
import java.nio.file.Path;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of the README, compiled and run; {@link ReadmeTest} compares the two. */
final class ReadmeExample {

    private ReadmeExample() {}

    static Mono<TotemNode> start(int id, String host, int port, Path key, Path state) {
        // example:start
        Mono<TotemNode> starting = UdpTotem.create()
                .nodeId(id)
                .bind(host, port)
                .multicast("239.192.0.1", 5405)
                .seal(AeadSeal.fromKeyFile(key))
                .stateDirectory(state)
                .config(config -> config.token(Duration.ofSeconds(1)))
                .start();
        // example:end
        return starting;
    }

    static Flux<String> locks(TotemNode node) {
        // example:use
        EvsHandle locks = node.openHandle();

        Flux<String> log = locks.join("locks").thenMany(locks.events()).map(event -> {
            if (event instanceof Delivery delivery) {
                return delivery.position() + ": " + new String(delivery.payload(), UTF_8);
            } else if (event instanceof GroupChange change) {
                return change.reason() + " " + change.members();
            }
            ConfigChange change = (ConfigChange) event;
            return change.kind() + " " + change.members();
        });

        Mono<Position> granted = locks.send(Message.to("locks").safe().payload("acquire".getBytes(UTF_8)));
        // example:end
        return log.mergeWith(granted.map(position -> "granted at " + position));
    }
}

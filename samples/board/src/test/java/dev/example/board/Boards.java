/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import dev.totem.core.Settings;
import dev.totem.core.TotemNode;
import dev.totem.spring.boot.TotemNodeStarter;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;

/** Three instances on a ring in memory, which can be cut. */
final class Boards implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(20);

    final TestRing ring;
    private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

    Boards() {
        ring = TestRing.of(3, settings -> settings.set(Settings.QUORUM, "majority:3"));
        ring.awaitOneRing().block(SOON);
        for (int node = 1; node <= 3; node++) {
            instances.add(start(ring.node(node)));
        }
    }

    private static ConfigurableApplicationContext start(TotemNode node) {
        TotemNodeStarter starter = settings -> Mono.just(node);
        return new SpringApplicationBuilder(BoardApplication.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("starter", starter))
                .run("--server.port=0", "--totem.id=" + node.id().value());
    }

    String url(int node) {
        return "http://127.0.0.1:"
                + instances.get(node - 1).getEnvironment().getRequiredProperty("local.server.port") + "/";
    }

    @Override
    public void close() {
        instances.forEach(ConfigurableApplicationContext::close);
        ring.close();
    }
}

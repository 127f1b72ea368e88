/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Applications on a ring in memory. */
final class Instances {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private Instances() {}

    /** An application whose node is this one of the ring. */
    static ApplicationContextRunner on(TestRing ring, int node) {
        return applications().withBean(TotemNodeStarter.class, () -> settings -> started(ring, node, settings));
    }

    /** Applications that say how their node is started. */
    static ApplicationContextRunner applications() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        JacksonAutoConfiguration.class,
                        TotemAutoConfiguration.class,
                        TotemHealthAutoConfiguration.class,
                        TotemEndpointAutoConfiguration.class,
                        TotemMicrometerAutoConfiguration.class));
    }

    private static Mono<TotemNode> started(TestRing ring, int node, TotemConfig settings) {
        return Mono.fromSupplier(() -> ring.node(node)).doOnNext(running -> settings.get(Settings.TOKEN));
    }

    static <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
        T value = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (value == null) {
            throw new AssertionError("nothing came in " + PATIENCE);
        }
        return value;
    }

    static void await(BooleanSupplier condition) {
        Flux.interval(Duration.ZERO, Duration.ofMillis(5))
                .onBackpressureDrop()
                .publishOn(Schedulers.boundedElastic(), 1)
                .filter(tick -> condition.getAsBoolean())
                .next()
                .block(PATIENCE);
    }
}

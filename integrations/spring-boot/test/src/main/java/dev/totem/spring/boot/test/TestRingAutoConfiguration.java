/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.test;

import dev.totem.core.Setting;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.spring.boot.TotemAutoConfiguration;
import dev.totem.spring.boot.TotemNodeStarter;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A ring in memory, whose node 1 is the application's. */
@AutoConfiguration(before = TotemAutoConfiguration.class)
final class TestRingAutoConfiguration {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Bean(destroyMethod = "close")
    TestRing totemTestRing(TotemConfig settings, @Value("${totem.test.nodes:1}") int nodes) {
        return TestRing.of(nodes, builder -> Settings.all().forEach(setting -> copy(setting, settings, builder)));
    }

    private static <T extends Comparable<? super T>> void copy(
            Setting<T> setting, TotemConfig settings, TotemConfig.Builder builder) {
        if (settings.isSet(setting)) {
            builder.set(setting, settings.get(setting));
        }
    }

    @Bean
    TotemNodeStarter totemTestNodeStarter(TestRing ring) {
        return settings -> Mono.fromSupplier(() -> running(ring))
                .subscribeOn(Schedulers.boundedElastic())
                .delayUntil(node -> ring.awaitOneRing().timeout(PATIENCE));
    }

    /** A context that is started again has another life of the node. */
    private static TotemNode running(TestRing ring) {
        TotemNode node = ring.node(1);
        if (!node.isDisposed()) {
            return node;
        }
        ring.crash(1);
        return ring.restart(1);
    }
}

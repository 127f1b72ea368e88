/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.micrometer.ObservedHandles;
import dev.totem.micrometer.TotemDeliverConvention;
import dev.totem.micrometer.TotemMetrics;
import dev.totem.micrometer.TotemSendConvention;
import dev.totem.spring.boot.internal.ContextNode;
import dev.totem.spring.boot.internal.NodeMeters;
import dev.totem.spring.boot.internal.Observing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.Optional;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Flux;

/** The meters of the node, and observations of what {@link TotemTemplate} sends and {@link TotemListener}s do, with {@code totem-micrometer}. */
@AutoConfiguration(
        after = TotemAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnClass(TotemMetrics.class)
@ConditionalOnBean(ContextNode.class)
public final class TotemMicrometerAutoConfiguration {

    @Bean
    @ConditionalOnBean(MeterRegistry.class)
    NodeMeters totemMeters(ContextNode node, MeterRegistry registry) {
        return new NodeMeters(node, registry);
    }

    @Bean
    @ConditionalOnBean(ObservationRegistry.class)
    @ConditionalOnMissingBean
    ObservedHandles totemObservedHandles(
            ObservationRegistry registry,
            ObjectProvider<TotemSendConvention> sends,
            ObjectProvider<TotemDeliverConvention> deliveries) {
        ObservedHandles plain = ObservedHandles.in(registry);
        ObservedHandles named =
                Optional.ofNullable(sends.getIfUnique()).map(plain::convention).orElse(plain);
        return Optional.ofNullable(deliveries.getIfUnique())
                .map(named::convention)
                .orElse(named);
    }

    @Bean
    @ConditionalOnBean(ObservedHandles.class)
    Observing totemObserving(ObservedHandles observed) {
        return new Observing() {
            @Override
            public EvsHandle sends(EvsHandle handle) {
                return observed.observe(handle);
            }

            @Override
            public Flux<Void> work(Delivery delivery, Function<Delivery, Publisher<Void>> work) {
                return observed.process(delivery, work);
            }
        };
    }
}

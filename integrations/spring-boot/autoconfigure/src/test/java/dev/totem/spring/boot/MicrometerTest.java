/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.micrometer.ObservedHandles;
import dev.totem.micrometer.TotemDeliverContext;
import dev.totem.micrometer.TotemSendContext;
import dev.totem.spring.boot.internal.NodeMeters;
import dev.totem.testkit.TestRing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class MicrometerTest {

    private static final class Stopped implements ObservationHandler<Observation.Context> {

        private final List<Observation.Context> contexts = new CopyOnWriteArrayList<>();

        @Override
        public void onStop(Observation.Context context) {
            contexts.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        private boolean has(Class<? extends Observation.Context> kind, boolean failed) {
            return contexts.stream().anyMatch(one -> kind.isInstance(one) && (one.getError() != null) == failed);
        }
    }

    static final class Work {

        @TotemListener(group = "work")
        Mono<Void> work(String what) {
            return what.isEmpty() ? Mono.error(new IllegalArgumentException("nothing to do")) : Mono.empty();
        }
    }

    private static ObservationRegistry observed(Stopped by) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(by);
        return registry;
    }

    @Test
    void theMetersOfTheNodeLiveAsLongAsItDoes() {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (TestRing ring = TestRing.of(1)) {
            Instances.on(ring, 1).withBean(MeterRegistry.class, () -> registry).run(context -> {
                assertThat(context).hasSingleBean(NodeMeters.class);
                Instances.await(() -> registry.get("totem.ready").gauge().value() == 1);
                assertThat(registry.get("totem.members")
                                .tag("node", "1")
                                .gauge()
                                .value())
                        .isEqualTo(1);
            });
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void whatTheTemplateSendsAndAListenerDoesIsObserved() {
        Stopped stopped = new Stopped();
        try (TestRing ring = TestRing.of(1)) {
            Instances.on(ring, 1)
                    .withBean(ObservationRegistry.class, () -> observed(stopped))
                    .withBean(Work.class)
                    .run(context -> {
                        TotemTemplate template = context.getBean(TotemTemplate.class);
                        template.send("work", "plough").block(Instances.PATIENCE);
                        Instances.await(() -> stopped.has(TotemDeliverContext.class, false));
                        assertThat(stopped.has(TotemSendContext.class, false)).isTrue();
                        template.send("work", "").block(Instances.PATIENCE);
                        Instances.await(() -> stopped.has(TotemDeliverContext.class, true));
                    });
        }
    }

    @Test
    void anApplicationWithoutRegistriesHasNoneOfIt() {
        try (TestRing ring = TestRing.of(1)) {
            Instances.on(ring, 1)
                    .run(context -> assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean(NodeMeters.class)
                            .doesNotHaveBean(ObservedHandles.class));
        }
    }
}

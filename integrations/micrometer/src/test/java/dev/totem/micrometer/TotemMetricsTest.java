/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.EvsHandle;
import dev.totem.core.Quorum;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.testkit.TestRing;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class TotemMetricsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private TestRing ring;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void formsARing() {
        ring = TestRing.of(
                2,
                settings -> settings.set(Settings.QUORUM, Quorum.majority(2).toString())
                        .set(Settings.CLUSTER_NAME, "lab"));
        ring.awaitOneRing().block(SOON);
    }

    @AfterEach
    void ends() {
        ring.close();
    }

    private static double gauge(MeterRegistry from, String name, int node) {
        return from.get(name)
                .tags("cluster", "lab", "node", String.valueOf(node))
                .gauge()
                .value();
    }

    private double counter(String name) {
        return registry.get(name).functionCounter().count();
    }

    private static void await(BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .filter(tick -> condition.getAsBoolean())
                .next()
                .block(SOON);
    }

    @Test
    void countersGrowAndGaugesTellOfNow() {
        TotemMetrics.of(ring.node(1)).bindTo(registry);
        double before = counter("totem.frames.originated");
        EvsHandle handle = ring.node(1).openHandle();
        handle.join("g").then(handle.send(new byte[10])).block(SOON);

        await(() -> counter("totem.frames.originated") > before);
        await(() -> counter("totem.tokens") > 0);
        assertThat(gauge(registry, "totem.members", 1)).isEqualTo(2);
        assertThat(gauge(registry, "totem.primary", 1)).isEqualTo(1);
        assertThat(gauge(registry, "totem.ready", 1)).isEqualTo(1);
        await(() -> registry.get("totem.ring.rotation").timeGauge().value(TimeUnit.NANOSECONDS) > 0);

        ring.partition(1);
        ring.awaitRing(1).block(SOON);
        await(() -> gauge(registry, "totem.members", 1) == 1);
        assertThat(gauge(registry, "totem.primary", 1)).isZero();
        await(() -> gauge(registry, "totem.ready", 1) == 0);
        assertThat(gauge(registry, "totem.live", 1)).isEqualTo(1);
    }

    @Test
    void reasonsAreATagOfOneMeter() {
        TotemMetrics.of(ring.node(1)).bindTo(registry);

        assertThat(registry.get("totem.dropped").functionCounters())
                .extracting(meter -> meter.getId().getTag("reason"))
                .contains("own", "other-ring", "after-pause");
        assertThat(registry.get("totem.refused").functionCounters())
                .extracting(meter -> meter.getId().getTag("reason"))
                .contains("not-authentic", "unproven");
    }

    @Test
    void everyMeterHasADescriptionAndTheTagsThatItsDocumentationNames() {
        TotemMetrics.of(ring.node(1)).bindTo(registry);

        List<Meter> documentedMeters = registry.getMeters().stream()
                .filter(meter -> !meter.getId().getName().equals("totem.link.overflows"))
                .toList();
        assertThat(documentedMeters).hasSizeGreaterThan(60).allSatisfy(meter -> {
            TotemMeter documented = Stream.of(TotemMeter.values())
                    .filter(each -> each.getName().equals(meter.getId().getName()))
                    .findFirst()
                    .orElseThrow();
            assertThat(meter.getId().getDescription()).isEqualTo(documented.description());
            assertThat(meter.getId().getTags())
                    .extracting(tag -> tag.getKey())
                    .containsExactlyInAnyOrder(Stream.of(documented.getKeyNames())
                            .map(key -> key.asString())
                            .toArray(String[]::new));
        });
    }

    @Test
    void everyStatisticIsMeasuredByOneMeter() {
        assertThat(Statistics.all())
                .hasSizeGreaterThan(80)
                .allSatisfy(statistic -> assertThat(
                                Stream.of(TotemMeter.values()).filter(meter -> meter.measures(statistic)))
                        .as(statistic.name())
                        .hasSize(1));
    }

    @Test
    void whatOnlyTheLinkHasIsAMeterOfItsName() {
        TotemMetrics.of(ring.node(1)).bindTo(registry);

        FunctionCounter overflows =
                registry.get("totem.link.overflows").tags("node", "1").functionCounter();
        assertThat(overflows.getId().getBaseUnit()).isEqualTo("frames");
        assertThat(overflows.getId().getDescription()).isEqualTo("Frames that found the receive buffer full");
        assertThat(counter("totem.link.reads")).isPositive();
    }

    @Test
    void prometheusSeesSeveralNodesInOneRegistry() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ring.nodes()
                .forEach(node -> TotemMetrics.of(node).and(Tags.of("zone", "a")).bindTo(prometheus));

        String text = prometheus.scrape();

        assertThat(text)
                .contains("totem_members_nodes{cluster=\"lab\",node=\"1\",zone=\"a\"} 2.0")
                .contains("totem_members_nodes{cluster=\"lab\",node=\"2\",zone=\"a\"} 2.0")
                .contains(
                        "totem_refused_frames_total{cluster=\"lab\",node=\"1\",reason=\"not-authentic\",zone=\"a\"} 0.0")
                .contains("# HELP totem_ready 1 while the node is ready, as its health says")
                .contains("totem_ring_rotation_seconds{");
    }

    @Test
    void whatIsClosedIsTakenAwayAndNothingElse() {
        Meter other = registry.counter("other");
        TotemMetrics metrics = TotemMetrics.of(ring.node(1));
        metrics.bindTo(registry);

        metrics.close();

        assertThat(registry.getMeters()).containsExactly(other);
    }

    @Test
    void aNodeThatHasLeftIsNotLive() {
        TotemMetrics.of(ring.node(2)).bindTo(registry);

        ring.node(2).leave().block(SOON);

        assertThat(gauge(registry, "totem.live", 2)).isZero();
        assertThat(gauge(registry, "totem.ready", 2)).isZero();
    }
}

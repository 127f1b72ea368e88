/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import static java.util.Objects.requireNonNull;

import dev.totem.core.NodeHealth;
import dev.totem.core.Statistic;
import dev.totem.core.TotemNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * All statistics of a node and its health as meters: those of {@link TotemMeter}, with the tags {@code cluster} and {@code node}. Any
 * thread. What is not read costs nothing; what is read asks the node for its statistics at most once in 5 ms, for all registries, and for
 * its health each time.
 */
public final class TotemMetrics implements MeterBinder, AutoCloseable {

    private final TotemNode node;
    private final Snapshot snapshot;
    private final Tags tags;
    private final List<Registered> registered = new ArrayList<>();

    private record Registered(MeterRegistry registry, Meter meter) {}

    private TotemMetrics(TotemNode node, Tags tags) {
        this.node = node;
        this.snapshot = new Snapshot(node);
        this.tags = tags;
    }

    /** The meters of a node. */
    public static TotemMetrics of(TotemNode node) {
        requireNonNull(node, "node");
        return new TotemMetrics(
                node,
                Tags.of(
                        TotemMeter.Tag.CLUSTER.asString(),
                        node.cluster(),
                        TotemMeter.Tag.NODE.asString(),
                        node.id().toString()));
    }

    /** The same with more tags; they win over those of the same name. */
    public TotemMetrics and(Iterable<Tag> more) {
        return new TotemMetrics(node, tags.and(requireNonNull(more, "more")));
    }

    /**
     * Adds the meters to a registry; any number of them. Statistics that this node's link does not have are left out; one that only
     * its link has is the meter {@code totem.} with its name, points instead of hyphens.
     */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        requireNonNull(registry, "registry");
        node.stats()
                .values()
                .keySet()
                .forEach(statistic -> add(registry, statistic(registry, MeterName.of(statistic), statistic)));
        add(registry, health(registry, TotemMeter.LIVE, NodeHealth::isLive));
        add(registry, health(registry, TotemMeter.READY, NodeHealth::isReady));
    }

    /** Takes the meters away again, from all registries. Idempotent. */
    @Override
    public synchronized void close() {
        registered.forEach(each -> each.registry().remove(each.meter()));
        registered.clear();
    }

    private void add(MeterRegistry registry, Meter meter) {
        registered.add(new Registered(registry, meter));
    }

    private Meter statistic(MeterRegistry registry, MeterName meter, Statistic statistic) {
        Tags all = meter.reason()
                .map(reason -> tags.and(TotemMeter.Tag.REASON.asString(), reason))
                .orElse(tags);
        ToDoubleFunction<Snapshot> value = from -> from.value(statistic);
        String unit = meter.unit();
        if (statistic.kind() == Statistic.Kind.COUNTER) {
            FunctionCounter.Builder<Snapshot> counter = FunctionCounter.builder(meter.name(), snapshot, value)
                    .tags(all)
                    .description(meter.description());
            return (unit.isEmpty() ? counter : counter.baseUnit(unit)).register(registry);
        }
        if (unit.equals("nanoseconds")) {
            return TimeGauge.builder(meter.name(), snapshot, TimeUnit.NANOSECONDS, value)
                    .tags(all)
                    .description(meter.description())
                    .strongReference(true)
                    .register(registry);
        }
        Gauge.Builder<Snapshot> gauge = Gauge.builder(meter.name(), snapshot, value)
                .tags(all)
                .description(meter.description())
                .strongReference(true);
        return (unit.isEmpty() ? gauge : gauge.baseUnit(unit)).register(registry);
    }

    private Meter health(MeterRegistry registry, TotemMeter meter, Predicate<NodeHealth> holds) {
        return Gauge.builder(meter.getName(), node, asked -> holds.test(asked.health()) ? 1 : 0)
                .tags(tags)
                .description(meter.description())
                .strongReference(true)
                .register(registry);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import dev.totem.core.TotemNode;
import dev.totem.micrometer.TotemMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** All meters of a node, read each second as a monitoring system would. */
public final class ReadMeters {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private ReadMeters() {}

    /** Binds and reads them on a thread of its own until disposed. */
    public static Disposable of(TotemNode node) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        TotemMetrics metrics = TotemMetrics.of(node);
        metrics.bindTo(registry);
        Consumer<Meter> read = meter -> meter.measure().forEach(measurement -> measurement.getValue());
        return Flux.interval(PERIOD, Schedulers.newSingle("totem-meters", true))
                .onBackpressureDrop()
                .doFinally(signal -> metrics.close())
                .subscribe(tick -> registry.forEachMeter(read));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.micrometer.TotemMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** The meters of the node that the context runs, as long as it does. The context's thread. */
public final class NodeMeters implements SmartLifecycle {

    private final ContextNode node;
    private final MeterRegistry registry;
    private volatile @Nullable TotemMetrics bound;

    public NodeMeters(ContextNode node, MeterRegistry registry) {
        this.node = node;
        this.registry = registry;
    }

    @Override
    public void start() {
        node.now().ifPresent(life -> {
            TotemMetrics metrics = TotemMetrics.of(life);
            metrics.bindTo(registry);
            bound = metrics;
        });
    }

    @Override
    public void stop() {
        TotemMetrics metrics = bound;
        bound = null;
        if (metrics != null) {
            metrics.close();
        }
    }

    @Override
    public boolean isRunning() {
        return bound != null;
    }

    @Override
    public int getPhase() {
        return Phases.METERS;
    }
}

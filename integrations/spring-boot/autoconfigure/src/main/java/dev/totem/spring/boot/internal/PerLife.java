/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.TotemNode;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What is opened once on each node that the context starts, when it is asked for first. Any thread. */
public final class PerLife<T> {

    private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

    private final ContextNode node;
    private final Function<TotemNode, Mono<T>> opening;
    private @Nullable Opened<T> opened;

    public PerLife(ContextNode node, Function<TotemNode, Mono<T>> opening) {
        this.node = node;
        this.opening = opening;
    }

    /** Waits for the node to start; opens what is not open, and again after a failure. Cancelling has no effect on it. */
    public Mono<T> get() {
        return node.running().flatMap(this::on);
    }

    private synchronized Mono<T> on(TotemNode life) {
        Opened<T> known = opened;
        if (known == null || known.life != life) {
            known = new Opened<>(
                    life, opening.apply(life).cache(value -> FOR_EVER, failure -> Duration.ZERO, () -> Duration.ZERO));
            opened = known;
        }
        return known.what;
    }

    private record Opened<T>(TotemNode life, Mono<T> what) {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import dev.totem.core.RingProgress;
import dev.totem.core.TotemNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The progress of the ring, asked of a node that may stand still: one question is under way at a time, and nobody waits long for its
 * answer. Any thread.
 */
final class AskedProgress {

    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final TotemNode node;
    private final AtomicReference<@Nullable CompletableFuture<Optional<RingProgress>>> asked = new AtomicReference<>();

    AskedProgress(TotemNode node) {
        this.node = node;
    }

    /** Completes with it, or with nothing if there is none or it does not come soon. Cold. */
    Mono<Optional<RingProgress>> now() {
        return Mono.defer(() -> Mono.fromFuture(ask(), true)).timeout(PATIENCE, Mono.just(Optional.empty()));
    }

    private CompletableFuture<Optional<RingProgress>> ask() {
        CompletableFuture<Optional<RingProgress>> fresh = new CompletableFuture<>();
        CompletableFuture<Optional<RingProgress>> underWay = asked.compareAndExchange(null, fresh);
        if (underWay != null) {
            return underWay;
        }
        node.progress()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .onErrorReturn(Optional.empty())
                .doFinally(signal -> asked.set(null))
                .subscribe(fresh::complete, fresh::completeExceptionally);
        return fresh;
    }
}

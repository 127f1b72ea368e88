/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What is asked of a node that may stand still: one question is under way at a time, and nobody waits long for its answer. Any thread.
 */
final class Asked<T> {

    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final Mono<T> question;
    private final AtomicReference<@Nullable CompletableFuture<Optional<T>>> asked = new AtomicReference<>();

    Asked(Mono<T> question) {
        this.question = question;
    }

    /** Completes with it, or with nothing if there is none or it does not come soon. Cold. */
    Mono<Optional<T>> now() {
        return Mono.defer(() -> Mono.fromFuture(ask(), true)).timeout(PATIENCE, Mono.just(Optional.empty()));
    }

    private CompletableFuture<Optional<T>> ask() {
        CompletableFuture<Optional<T>> fresh = new CompletableFuture<>();
        CompletableFuture<Optional<T>> underWay = asked.compareAndExchange(null, fresh);
        if (underWay != null) {
            return underWay;
        }
        question.map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .onErrorReturn(Optional.empty())
                .doFinally(signal -> asked.set(null))
                .subscribe(fresh::complete, fresh::completeExceptionally);
        return fresh;
    }
}

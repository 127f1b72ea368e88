/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.NodeClosedException;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.TotemNode;
import dev.totem.spring.boot.TotemListenerErrorHandler;
import dev.totem.spring.boot.TotemListenerFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** One listener: its groups, its method, and what becomes of its failures. Any thread. */
final class Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** Between the end of a stream of events, which a listener was too slow for, and the next. */
    private static final Duration AGAIN_AFTER = Duration.ofMillis(500);

    private final String name;
    private final List<GroupName> groups;
    private final OverflowPolicy overflow;
    private final ListenerMethod method;
    private final TotemListenerErrorHandler errors;
    private final Observing observing;

    Listener(
            String name,
            List<GroupName> groups,
            OverflowPolicy overflow,
            ListenerMethod method,
            TotemListenerErrorHandler errors,
            Observing observing) {
        this.name = name;
        this.groups = groups;
        this.overflow = overflow;
        this.method = method;
        this.errors = errors;
        this.observing = observing;
    }

    /** A listener that runs: {@code close} completes when it has done what was delivered until then. */
    interface Running {
        Mono<Void> close();
    }

    String name() {
        return name;
    }

    List<GroupName> groups() {
        return groups;
    }

    /** Joins its groups, and is called from there on. */
    Running start(TotemNode node) {
        EvsHandle handle = node.openHandle(Schedulers.boundedElastic(), name);
        Sinks.Empty<Void> ended = Sinks.empty();
        Flux.defer(() -> handle.events(overflow))
                .filter(method::takes)
                .materialize()
                .concatMap(this::done, 0)
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, AGAIN_AFTER)
                        .filter(SlowSubscriberException.class::isInstance)
                        .doBeforeRetryAsync(signal -> told(Optional.empty(), signal.failure())))
                .doFinally(signal -> ended.tryEmitEmpty())
                .subscribe(nothing -> {}, this::logEnd);
        handle.join(groups)
                .then()
                .onErrorResume(NodeClosedException.class, over -> Mono.empty())
                .onErrorResume(error -> told(Optional.empty(), error))
                .subscribe(nothing -> {}, this::logEnd);
        return () -> handle.close().then(ended.asMono());
    }

    /** Also the end of the stream waits for its turn: it would cancel what is done with the event before it. */
    private Publisher<Void> done(Signal<EvsEvent> signal) {
        EvsEvent event = signal.get();
        if (event != null) {
            return called(event).onErrorResume(error -> told(Optional.of(event), error));
        }
        Throwable end = signal.getThrowable();
        return end == null ? Mono.empty() : Mono.error(end);
    }

    private Flux<Void> called(EvsEvent event) {
        return event instanceof Delivery delivery
                ? observing.work(delivery, method::call)
                : method.call(event).flux();
    }

    private Mono<Void> told(Optional<EvsEvent> event, Throwable error) {
        return Mono.defer(() -> Mono.when(errors.handle(new TotemListenerFailure(name, event, error))))
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(failure -> new ListenerEndedException(error, failure));
    }

    private void logEnd(Throwable end) {
        LOG.error("listener {} has ended and is called no more", name, end);
    }

    /** The error handler says that the listener does not go on. */
    private static final class ListenerEndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenerEndedException(Throwable error, Throwable handlers) {
            super("its error handler has failed", error);
            if (handlers != error) {
                addSuppressed(handlers);
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import java.time.Duration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** What a page listens to. */
@RestController
class Events {

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration ALIVE = Duration.ofSeconds(10);

    private final Cards cards;
    private final Instances instances;
    private final Sinks.Empty<Void> closing = Sinks.empty();

    Events(Cards cards, Instances instances) {
        this.cards = cards;
        this.instances = instances;
    }

    /** The board and this instance as they are, and every change from then on. Ends when the instance is stopped. */
    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<Object>> events() {
        return Flux.merge(
                        cards.watch().map(card -> event("card", card)),
                        instances.watch().map(instance -> event("instance", instance)),
                        Flux.interval(Duration.ZERO, ALIVE)
                                .onBackpressureDrop()
                                .map(tick -> ServerSentEvent.builder()
                                        .comment("alive")
                                        .retry(RETRY)
                                        .build()))
                .takeUntilOther(closing.asMono());
    }

    private static ServerSentEvent<Object> event(String name, Object data) {
        return ServerSentEvent.builder(data).event(name).build();
    }

    /** Otherwise the server would wait for them for as long as it may. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        closing.tryEmitEmpty();
    }
}

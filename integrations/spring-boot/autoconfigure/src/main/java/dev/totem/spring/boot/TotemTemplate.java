/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static java.util.Objects.requireNonNull;

import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.spring.boot.internal.ContextNode;
import dev.totem.spring.boot.internal.Observing;
import dev.totem.spring.boot.internal.PerLife;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends values to groups, encoded by {@link TotemCodecs}, by one handle of the application's node. Any thread.
 *
 * <p>All of it is cold. What is subscribed before the node runs waits for its first start; what is subscribed after it has left
 * fails with {@link IllegalStateException}. Signals run on {@code Schedulers.parallel()}, where blocking is refused.
 */
public final class TotemTemplate {

    private final PerLife<EvsHandle> handle;
    private final TotemCodecs codecs;

    TotemTemplate(ContextNode node, TotemCodecs codecs, Observing observing) {
        this.handle = new PerLife<>(node, life -> Mono.fromSupplier(() -> observing.sends(life.openHandle())));
        this.codecs = codecs;
    }

    /**
     * A message with the value as its payload, to be refined: {@code template.message("orders", order).safe()}.
     *
     * @param group where it goes, joined or not
     * @throws IllegalArgumentException if the value's class has no codec
     */
    public Message message(String group, Object payload) {
        return Message.to(requireNonNull(group, "group")).payload(codecs.encode(requireNonNull(payload, "payload")));
    }

    /**
     * Sends a value in agreed order; see {@link #send(Message)}. Encoded when it is subscribed, once each time.
     *
     * @param group where it goes, joined or not
     */
    public Mono<Position> send(String group, Object payload) {
        requireNonNull(group, "group");
        requireNonNull(payload, "payload");
        return Mono.defer(() -> send(message(group, payload)));
    }

    /** Completes with the message's position, and fails, as {@link EvsHandle#send(Message)} does. */
    public Mono<Position> send(Message message) {
        requireNonNull(message, "message");
        return handle.get().flatMap(open -> open.send(message));
    }

    /**
     * Sends values as fast as the ring admits; see {@link #sendAll(Publisher)}.
     *
     * @param group where they go, joined or not
     */
    public Flux<Position> sendAll(String group, Publisher<?> payloads) {
        requireNonNull(group, "group");
        return sendAll(Flux.from(requireNonNull(payloads, "payloads")).map(payload -> message(group, payload)));
    }

    /** Order, demand, end and errors are those of {@link EvsHandle#sendAll(Publisher)}. */
    public Flux<Position> sendAll(Publisher<Message> messages) {
        requireNonNull(messages, "messages");
        return handle.get().flatMapMany(open -> open.sendAll(messages));
    }
}

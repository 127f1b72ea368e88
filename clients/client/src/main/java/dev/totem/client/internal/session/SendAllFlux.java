/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.core.Message;
import dev.totem.core.Position;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** The positions of what a publisher emits. Any thread. */
final class SendAllFlux extends Flux<Position> {

    private final AttachedHandle handle;
    private final Publisher<Message> messages;

    private SendAllFlux(AttachedHandle handle, Publisher<Message> messages) {
        this.handle = handle;
        this.messages = messages;
    }

    static Flux<Position> of(AttachedHandle handle, Publisher<Message> messages) {
        return onAssembly(new SendAllFlux(handle, messages));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Position> actual) {
        SendAllSubscription subscription = new SendAllSubscription(handle, actual);
        actual.onSubscribe(subscription);
        messages.subscribe(subscription);
    }
}

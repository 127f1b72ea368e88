/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.internal.node.crossing.HandleLane;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** The publisher behind {@code EvsHandle.sendAll}: one {@link SendAllSubscription} a subscriber. Any thread. */
public final class SendAll extends Flux<Position> {

    private final Publisher<? extends Message> messages;
    private final HandleState handle;
    private final HandleLane lane;
    private final SendPort port;

    private SendAll(Publisher<? extends Message> messages, HandleState handle, HandleLane lane, SendPort port) {
        this.messages = messages;
        this.handle = handle;
        this.lane = lane;
        this.port = port;
    }

    public static Flux<Position> of(
            Publisher<? extends Message> messages, HandleState handle, HandleLane lane, SendPort port) {
        return onAssembly(new SendAll(messages, handle, lane, port));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Position> actual) {
        if (lane.wouldWaitForItself(actual)) {
            Operators.error(actual, SendFailedException.refused(HandleLane.WAITS_FOR_ITSELF));
            return;
        }
        SendAllSubscription subscription = new SendAllSubscription(actual, handle, lane, port);
        try {
            messages.subscribe(subscription);
        } catch (RuntimeException refused) {
            subscription.onError(refused);
        }
    }
}

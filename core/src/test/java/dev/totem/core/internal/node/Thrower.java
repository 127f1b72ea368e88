/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import java.util.Queue;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/** Asks for everything, and throws at the first that it gets; perhaps its context says where such errors go. */
final class Thrower<T> implements CoreSubscriber<T> {

    private final Error error;
    private final Context context;

    Thrower(Error error) {
        this.error = error;
        this.context = Context.empty();
    }

    /** @param dropped gets the message of what is dropped in this context, as Reactor does it */
    Thrower(Error error, Queue<String> dropped) {
        this.error = error;
        Consumer<Throwable> hook = thrown -> dropped.add(thrown.getMessage());
        this.context = Context.of("reactor.onErrorDropped.local", hook);
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(T value) {
        throw error;
    }

    @Override
    public void onError(Throwable reason) {}

    @Override
    public void onComplete() {}
}

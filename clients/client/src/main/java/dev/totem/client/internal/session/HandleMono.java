/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.core.SendFailedException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;

/** What a handle does for a subscriber, who is refused if he would block the thread that is to tell him. Any thread. */
final class HandleMono<T> extends Mono<T> {

    private final Lane lane;
    private final Mono<T> work;
    private final Supplier<Throwable> refusal;

    private HandleMono(Lane lane, Mono<T> work, Supplier<Throwable> refusal) {
        this.lane = lane;
        this.work = work;
        this.refusal = refusal;
    }

    static <T> Mono<T> create(Lane lane, Consumer<MonoSink<T>> work) {
        return onAssembly(
                new HandleMono<>(lane, Mono.create(work), () -> new IllegalStateException(Lane.WAITS_FOR_ITSELF)));
    }

    /** The same, refused as a send is. */
    static <T> Mono<T> sending(Lane lane, Consumer<MonoSink<T>> work) {
        return onAssembly(
                new HandleMono<>(lane, Mono.create(work), () -> SendFailedException.refused(Lane.WAITS_FOR_ITSELF)));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        if (lane.wouldWaitForItself(actual)) {
            Operators.error(actual, refusal.get());
        } else {
            work.subscribe(actual);
        }
    }
}

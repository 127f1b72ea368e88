/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import java.util.function.Consumer;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;

/**
 * What a handle does for a subscriber, who is refused if he would block the thread that is to tell him. Any thread.
 *
 * @param <T> what he is told
 */
public final class HandleMono<T> extends Mono<T> {

    private final HandleLane lane;
    private final Mono<T> work;

    private HandleMono(HandleLane lane, Mono<T> work) {
        this.lane = lane;
        this.work = work;
    }

    public static <T> Mono<T> create(HandleLane lane, Consumer<MonoSink<T>> work) {
        return onAssembly(new HandleMono<>(lane, Mono.create(work)));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        if (lane.wouldWaitForItself(actual)) {
            Operators.error(actual, new IllegalStateException(HandleLane.WAITS_FOR_ITSELF));
        } else {
            work.subscribe(actual);
        }
    }
}

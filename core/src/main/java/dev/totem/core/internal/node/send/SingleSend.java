/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemException;
import dev.totem.core.internal.node.crossing.HandleLane;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** The publisher behind {@code EvsHandle.send}: each subscriber sends once. Any thread. */
public final class SingleSend extends Mono<Position> {

    private final Message message;
    private final HandleState handle;
    private final SendPort port;

    private SingleSend(Message message, HandleState handle, SendPort port) {
        this.message = message;
        this.handle = handle;
        this.port = port;
    }

    public static Mono<Position> of(Message message, HandleState handle, SendPort port) {
        return onAssembly(new SingleSend(message, handle, port));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Position> actual) {
        if (handle.lane().wouldWaitForItself(actual)) {
            Operators.error(actual, SendFailedException.refused(HandleLane.WAITS_FOR_ITSELF));
            return;
        }
        Waiting waiting = new Waiting(actual, handle, port);
        PendingSend send = waiting.send(message);
        actual.onSubscribe(waiting);
        port.accept(send);
    }

    /** Who waits for the position; keeps nothing of the message. */
    private static final class Waiting implements Subscription, PendingSend.Outcome {

        private final CoreSubscriber<? super Position> actual;
        private final HandleState handle;
        private final SendPort port;
        private @Nullable PendingSend send;
        private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.NEW);
        private @Nullable Position position;

        Waiting(CoreSubscriber<? super Position> actual, HandleState handle, SendPort port) {
            this.actual = actual;
            this.handle = handle;
            this.port = port;
        }

        PendingSend send(Message message) {
            PendingSend made = new PendingSend(handle, message, this, 0, port.admission(), false);
            send = made;
            return made;
        }

        private void withdraw() {
            PendingSend made = send;
            if (made != null) {
                port.cancel(made);
            }
        }

        @Override
        public void request(long positions) {
            if (positions <= 0) {
                if (stage.getAndSet(Stage.OVER) != Stage.OVER) {
                    withdraw();
                    handle.lane()
                            .schedule(
                                    this,
                                    this::currentContext,
                                    () -> actual.onError(new IllegalArgumentException(
                                            "rule 3.9: a request is for more than zero positions, not " + positions)));
                }
            } else if (!stage.compareAndSet(Stage.NEW, Stage.REQUESTED)
                    && stage.compareAndSet(Stage.ARRIVED, Stage.OVER)) {
                handle.lane().schedule(this, this::currentContext, this::emit);
            }
        }

        @Override
        public void cancel() {
            if (stage.getAndSet(Stage.OVER) != Stage.OVER) {
                withdraw();
            }
        }

        @Override
        public void sent(long place, Position at) {
            position = at;
            if (!stage.compareAndSet(Stage.NEW, Stage.ARRIVED) && stage.compareAndSet(Stage.REQUESTED, Stage.OVER)) {
                emit();
            }
        }

        @Override
        public void failed(long place, TotemException reason) {
            if (stage.getAndSet(Stage.OVER) != Stage.OVER) {
                actual.onError(reason);
            }
        }

        private void emit() {
            Position at = position;
            if (at != null) {
                actual.onNext(at);
                actual.onComplete();
            }
        }

        @Override
        public boolean isOver() {
            return stage.get() == Stage.OVER;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }

    private enum Stage {
        NEW,
        REQUESTED,
        ARRIVED,
        OVER
    }
}

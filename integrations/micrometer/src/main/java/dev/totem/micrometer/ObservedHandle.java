/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** A handle, observed by the way. Any thread. */
final class ObservedHandle implements EvsHandle {

    private final EvsHandle handle;
    private final ObservedHandles observed;

    ObservedHandle(EvsHandle handle, ObservedHandles observed) {
        this.handle = handle;
        this.observed = observed;
    }

    /** A message with its observation. */
    private final class Sending {

        private final TotemSendContext context;
        private final Running running;

        Sending(Message message, ContextView view) {
            context = new TotemSendContext(message);
            running = observed.start(() -> observed.send(context, view));
        }

        Message outgoing() {
            return running.isNoop() ? context.message() : Running.guarded(context::outgoing, context.message());
        }

        void ordered(Position position) {
            context.position(position);
            running.end();
        }
    }

    @Override
    public Mono<Position> send(Message message) {
        requireNonNull(message, "message");
        return Mono.deferContextual(view -> {
            Sending sending = new Sending(message, view);
            return handle.send(sending.outgoing())
                    .doOnSuccess(position -> {
                        if (position != null) {
                            sending.ordered(position);
                        }
                    })
                    .doOnError(sending.running::end)
                    .doOnCancel(sending.running::end)
                    .contextWrite(sending.running::in);
        });
    }

    /** Positions come in the order of the messages. */
    @Override
    public Flux<Position> sendAll(Publisher<Message> messages) {
        requireNonNull(messages, "messages");
        return Flux.deferContextual(view -> {
            Queue<Sending> underWay = new ConcurrentLinkedQueue<>();
            Flux<Message> outgoing = Flux.from(messages).map(message -> {
                Sending sending = new Sending(message, view);
                underWay.add(sending);
                return sending.outgoing();
            });
            return handle.sendAll(outgoing)
                    .doOnNext(position -> {
                        Sending first = underWay.poll();
                        if (first != null) {
                            first.ordered(position);
                        }
                    })
                    .doOnError(failure -> underWay.forEach(left -> left.running.end(failure)))
                    .doOnCancel(() -> underWay.forEach(left -> left.running.end()));
        });
    }

    @Override
    public Flux<EvsEvent> events(OverflowPolicy policy) {
        return handle.events(policy)
                .transform(Operators.<EvsEvent, EvsEvent>lift((scannable, actual) -> new InHand(actual)));
    }

    /** A delivery is observed while the subscriber has it in hand. The handle looks through it for those who block. */
    private final class InHand implements CoreSubscriber<EvsEvent>, Subscription, Scannable {

        private final CoreSubscriber<? super EvsEvent> actual;
        private Subscription upstream = Operators.emptySubscription();

        InHand(CoreSubscriber<? super EvsEvent> actual) {
            this.actual = actual;
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            return key == Attr.PARENT ? upstream : null;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(EvsEvent event) {
            if (!(event instanceof Delivery delivery)) {
                actual.onNext(event);
                return;
            }
            Running running = observed.start(() -> observed.deliver(delivery));
            try {
                running.scoped(() -> {
                    actual.onNext(event);
                    return event;
                });
            } finally {
                running.end();
            }
        }

        @Override
        public void onError(Throwable failure) {
            actual.onError(failure);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }

        @Override
        public void request(long events) {
            upstream.request(events);
        }

        @Override
        public void cancel() {
            upstream.cancel();
        }
    }

    @Override
    public MemberId id() {
        return handle.id();
    }

    @Override
    public Mono<Position> join(Collection<GroupName> groups) {
        return handle.join(groups);
    }

    @Override
    public Mono<Position> leave(Collection<GroupName> groups) {
        return handle.leave(groups);
    }

    @Override
    public Set<GroupName> groups() {
        return handle.groups();
    }

    @Override
    public Mono<Void> watch(Collection<GroupName> groups) {
        return handle.watch(groups);
    }

    @Override
    public Mono<Void> unwatch(Collection<GroupName> groups) {
        return handle.unwatch(groups);
    }

    @Override
    public List<GroupMember> members(String group) {
        return handle.members(group);
    }

    @Override
    public Mono<Void> close() {
        return handle.close();
    }

    @Override
    public void dispose() {
        handle.dispose();
    }

    @Override
    public boolean isDisposed() {
        return handle.isDisposed();
    }
}

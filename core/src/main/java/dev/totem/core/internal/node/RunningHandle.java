/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static java.util.Objects.requireNonNull;

import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Message;
import dev.totem.core.NotJoinedException;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import dev.totem.core.internal.settings.BufferLimits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** The handle that users hold: every call becomes a task of the loop. Any thread. */
final class RunningHandle implements EvsHandle, EventStream.Feed {

    private final HandleState state;
    private final HandleLane lane;
    private final NodeParts node;
    private final SendPort port;

    RunningHandle(HandleState state, HandleLane lane, NodeParts node, BufferLimits limits) {
        this.state = state;
        this.lane = lane;
        this.node = node;
        this.port = new SendPort(node.mailbox(), node.sends(), limits);
    }

    /** The end of a single send. */
    private record MonoOutcome(MonoSink<Position> sink) implements PendingSend.Outcome {

        @Override
        public void sent(long place, Position position) {
            sink.success(position);
        }

        @Override
        public void failed(long place, TotemException reason) {
            sink.error(reason);
        }

        @Override
        public boolean isOver() {
            return false;
        }
    }

    @Override
    public Mono<Void> join(String first, String... more) {
        List<GroupName> groups = names(first, more);
        return onLoop(sink -> {
            groups.forEach(group -> {
                node.dispatch().join(state, group);
                state.joined(group);
            });
            state.signals().emit(sink::success);
        });
    }

    @Override
    public Mono<Void> leave(String first, String... more) {
        List<GroupName> groups = names(first, more);
        return onLoop(sink -> {
            Optional<GroupName> foreign =
                    groups.stream().filter(group -> !state.hasJoined(group)).findFirst();
            if (foreign.isPresent()) {
                state.signals().emit(() -> sink.error(new NotJoinedException(foreign.get())));
                return;
            }
            groups.forEach(group -> {
                node.dispatch().leave(state, group);
                state.left(group);
            });
            state.signals().emit(sink::success);
        });
    }

    @Override
    public Set<GroupName> groups() {
        return state.joinedSnapshot();
    }

    @Override
    public Mono<Position> send(Message message) {
        requireNonNull(message, "message");
        return Mono.create(sink -> {
            PendingSend send = new PendingSend(state, message, new MonoOutcome(sink), 0, port.admission(), false);
            sink.onCancel(() -> port.cancel(send));
            port.accept(send);
        });
    }

    @Override
    public Flux<Position> sendAll(Publisher<Message> messages) {
        requireNonNull(messages, "messages");
        return SendAll.of(messages, state, lane, port);
    }

    @Override
    public Flux<EvsEvent> events(OverflowPolicy policy) {
        requireNonNull(policy, "policy");
        return EventStream.of(lane, SubscriberLimits.of(policy, port.limits()), this);
    }

    @Override
    public Mono<Void> close() {
        node.mailbox().submit(() -> node.closing().close(state));
        return state.whenClosed();
    }

    @Override
    public void attach(EventSubscription subscription) {
        node.mailbox()
                .serve(
                        () -> {
                            if (state.isClosed()) {
                                subscription.end(node.closing().refusal("handle"));
                            } else {
                                node.dispatch().attach(state, subscription);
                            }
                        },
                        subscription::end);
    }

    @Override
    public void detach(EventSubscription subscription) {
        node.mailbox().submit(() -> node.dispatch().detach(state, subscription));
    }

    @Override
    public void roomAgain(EventSubscription subscription) {
        node.mailbox().submit(() -> node.dispatch().roomAgain(subscription));
    }

    /** A Mono that does something on the loop, unless the handle is closed by then. */
    private Mono<Void> onLoop(Consumer<MonoSink<Void>> action) {
        Consumer<MonoSink<Void>> unlessClosing = sink -> {
            if (state.isClosing()) {
                state.signals().emit(() -> sink.error(node.closing().refusal("handle")));
            } else {
                action.accept(sink);
            }
        };
        return Mono.create(sink -> node.mailbox()
                .serve(
                        () -> unlessClosing.accept(sink),
                        thrown -> state.signals().emit(() -> sink.error(thrown))));
    }

    private static List<GroupName> names(String first, String... more) {
        return Stream.concat(Stream.of(requireNonNull(first, "first")), Stream.of(requireNonNull(more, "more")))
                .map(group -> GroupName.of(requireNonNull(group, "more")))
                .distinct()
                .toList();
    }
}

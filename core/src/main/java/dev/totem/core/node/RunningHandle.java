/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.BufferLimits;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Message;
import dev.totem.core.NotJoinedException;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
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
    private final BufferLimits limits;

    RunningHandle(HandleState state, HandleLane lane, NodeParts node, BufferLimits limits) {
        this.state = state;
        this.lane = lane;
        this.node = node;
        this.limits = limits;
    }

    @Override
    public Mono<Void> join(String first, String... more) {
        List<GroupName> groups = names(first, more);
        return onLoop(sink -> {
            groups.forEach(group -> {
                node.dispatch().router().join(state, group);
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
                node.dispatch().router().leave(state, group);
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
        return Mono.create(sink -> {
            PendingSend send = new PendingSend(state, message, sink);
            sink.onCancel(() -> node.mailbox().submit(() -> node.sends().cancel(send)));
            node.mailbox().submit(() -> node.sends().accept(send));
        });
    }

    @Override
    public Flux<Position> sendAll(Publisher<Message> messages) {
        return Flux.from(messages).flatMapSequential(this::send, limits.sendsInFlight(), 1);
    }

    @Override
    public Flux<EvsEvent> events(OverflowPolicy policy) {
        return new EventStream(lane, SubscriberLimits.of(policy, limits), this);
    }

    @Override
    public Mono<Void> close() {
        node.mailbox().submit(() -> node.closing().close(state));
        return state.whenClosed();
    }

    @Override
    public void attach(EventSubscription subscription) {
        node.mailbox().submit(() -> {
            if (state.isClosed()) {
                subscription.end(node.closing().refusal("handle"));
            } else {
                node.dispatch().attach(state, subscription);
            }
        });
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
        return Mono.create(sink -> node.mailbox().submit(() -> {
            if (state.isClosing()) {
                state.signals().emit(() -> sink.error(node.closing().refusal("handle")));
            } else {
                action.accept(sink);
            }
        }));
    }

    private static List<GroupName> names(String first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more))
                .map(GroupName::of)
                .distinct()
                .toList();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.internal.node.crossing.EventStream;
import dev.totem.core.internal.node.crossing.EventSubscription;
import dev.totem.core.internal.node.crossing.HandleLane;
import dev.totem.core.internal.node.crossing.HandleMono;
import dev.totem.core.internal.node.crossing.SubscriberLimits;
import dev.totem.core.internal.node.send.HandleState;
import dev.totem.core.internal.node.send.SendAll;
import dev.totem.core.internal.node.send.SendPort;
import dev.totem.core.internal.node.send.SingleSend;
import dev.totem.core.internal.settings.BufferLimits;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;

/** The handle that users hold: every call becomes a task of the loop. Any thread. */
final class RunningHandle implements EvsHandle, EventStream.Feed {

    private final HandleState state;
    private final HandleLane lane;
    private final NodeParts node;
    private final SendPort port;
    private final GroupRequests changes;

    RunningHandle(HandleState state, HandleLane lane, NodeParts node, BufferLimits limits) {
        this.state = state;
        this.lane = lane;
        this.node = node;
        this.port = new SendPort(node.mailbox(), node.sends(), limits);
        this.changes = new GroupRequests(state, node);
    }

    @Override
    public MemberId id() {
        return node.dispatch().id(state);
    }

    @Override
    public Mono<Position> join(Collection<GroupName> groups) {
        List<GroupName> names = distinct(groups);
        return names.isEmpty() ? Mono.empty() : onLoop(caller -> changes.join(names, ending(caller)));
    }

    @Override
    public Mono<Position> leave(Collection<GroupName> groups) {
        List<GroupName> names = distinct(groups);
        return names.isEmpty() ? Mono.empty() : onLoop(caller -> changes.leave(names, ending(caller)));
    }

    private GroupRequests.Ending ending(Caller<Position> caller) {
        return new GroupRequests.Ending(caller.sink()::success, refusal -> fail(caller, refusal), caller.context());
    }

    @Override
    public Mono<Void> watch(Collection<GroupName> names) {
        List<GroupName> groups = distinct(names);
        return this.<Void>onLoop(caller -> {
            int sum = state.watched().size() + groups.size();
            if (sum > GROUPS_MAX) {
                fail(
                        caller,
                        new ConfigurationException(
                                "groups", String.valueOf(sum), "a handle watches at most " + GROUPS_MAX + " groups"));
            } else {
                groups.forEach(group -> node.dispatch().watch(state, group));
                emit(caller, caller.sink()::success);
            }
        });
    }

    @Override
    public Mono<Void> unwatch(Collection<GroupName> names) {
        List<GroupName> groups = distinct(names);
        return this.<Void>onLoop(caller -> {
            groups.forEach(group -> node.dispatch().unwatch(state, group));
            emit(caller, caller.sink()::success);
        });
    }

    @Override
    public List<GroupMember> members(String group) {
        return state.snapshots().members(GroupName.of(requireNonNull(group, "group")));
    }

    @Override
    public void given(GroupChange change, int place) {
        node.dispatch().given(state, change, place);
    }

    @Override
    public void slow(SlowSubscriberException reason) {
        node.observer().slow(state.number(), reason);
    }

    @Override
    public Set<GroupName> groups() {
        return state.groups().snapshot();
    }

    @Override
    public Mono<Position> send(Message message) {
        requireNonNull(message, "message");
        return SingleSend.of(message, state, port);
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
        return unlessItWaitsForItself(sink -> {
            dispose();
            sink.onDispose(state.whenClosed().subscribe(nothing -> {}, sink::error, sink::success));
        });
    }

    @Override
    public void dispose() {
        node.mailbox().submit(() -> node.closing().close(state));
    }

    @Override
    public boolean isDisposed() {
        return state.isClosing();
    }

    @Override
    public void attach(EventSubscription subscription) {
        node.mailbox()
                .serve(
                        () -> {
                            lane.attach(subscription);
                            if (state.isClosed()) {
                                subscription.end(node.closing().refusal("handle"));
                            } else {
                                node.dispatch().handles().attach(state, subscription);
                            }
                        },
                        subscription::end);
    }

    @Override
    public void detach(EventSubscription subscription) {
        node.mailbox().submit(() -> node.dispatch().handles().detach(state, subscription));
    }

    @Override
    public void roomAgain(EventSubscription subscription) {
        node.mailbox().submit(() -> node.dispatch().handles().roomAgain(state, subscription));
    }

    /** A Mono that does something on the loop, unless the handle is closed by then. */
    private <T> Mono<T> onLoop(Consumer<Caller<T>> action) {
        Consumer<Caller<T>> unlessClosing = caller -> {
            if (state.isClosing()) {
                fail(caller, node.closing().refusal("handle"));
            } else {
                action.accept(caller);
            }
        };
        return unlessItWaitsForItself(sink -> {
            Caller<T> caller = new Caller<>(sink, Context.of(sink.contextView()));
            node.mailbox().serve(() -> unlessClosing.accept(caller), thrown -> fail(caller, thrown));
        });
    }

    /** Who is told what comes of a call; asked for the context where it subscribed, as that is code of the user's. */
    private record Caller<T>(MonoSink<T> sink, Context context) {}

    private void fail(Caller<?> caller, Throwable reason) {
        emit(caller, () -> caller.sink().error(reason));
    }

    private void emit(Caller<?> caller, Runnable signal) {
        lane.schedule(caller.sink(), caller::context, signal);
    }

    private <T> Mono<T> unlessItWaitsForItself(Consumer<MonoSink<T>> action) {
        return HandleMono.create(lane, action);
    }

    private static List<GroupName> distinct(Collection<GroupName> groups) {
        requireNonNull(groups, "groups");
        List<GroupName> distinct = groups.stream()
                .map(group -> requireNonNull(group, "groups"))
                .distinct()
                .toList();
        if (distinct.size() > GROUPS_MAX) {
            throw new ConfigurationException(
                    "groups",
                    String.valueOf(distinct.size()),
                    "a handle joins at most " + GROUPS_MAX + " groups; name fewer at once");
        }
        return distinct;
    }
}

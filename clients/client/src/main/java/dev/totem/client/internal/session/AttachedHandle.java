/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import static java.util.Objects.requireNonNull;

import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.Frame.GroupAction;
import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.NodeClosedException;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/** A handle at the executive, as its owner holds it. Any thread, except where it says otherwise. */
public final class AttachedHandle implements EvsHandle {

    static final String CLOSED = "the handle is closed";

    private final ClientSession session;
    private final Lane lane;
    private final int number;
    private final Optional<String> name;
    private final HandleGroups groups = new HandleGroups();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private volatile boolean isClosing;
    private volatile @Nullable MemberId id;

    // loop only
    private final Set<EventsSubscription> subscriptions = new LinkedHashSet<>();
    private final Set<SendAllSubscription> sendAlls = new LinkedHashSet<>();
    private boolean isClosed;

    AttachedHandle(ClientSession session, Lane lane, int number, Optional<String> name) {
        this.session = session;
        this.lane = lane;
        this.number = number;
        this.name = name;
    }

    ClientSession session() {
        return session;
    }

    Lane lane() {
        return lane;
    }

    int number() {
        return number;
    }

    Optional<String> name() {
        return name;
    }

    /** Loop: it has a place at the executive. */
    void opened(MemberId as) {
        id = as;
    }

    @Override
    public MemberId id() {
        MemberId known = id;
        if (known == null) {
            throw new IllegalStateException("the handle has no place at an executive yet");
        }
        return known;
    }

    @Override
    public Mono<Position> join(Collection<GroupName> names) {
        List<GroupName> distinct = distinct(names);
        return distinct.isEmpty() ? Mono.empty() : inGroups(GroupAction.JOIN, distinct);
    }

    @Override
    public Mono<Position> leave(Collection<GroupName> names) {
        List<GroupName> distinct = distinct(names);
        return distinct.isEmpty() ? Mono.empty() : inGroups(GroupAction.LEAVE, distinct);
    }

    @Override
    public Mono<Void> watch(Collection<GroupName> names) {
        return inGroups(GroupAction.WATCH, distinct(names)).then();
    }

    @Override
    public Mono<Void> unwatch(Collection<GroupName> names) {
        return inGroups(GroupAction.UNWATCH, distinct(names)).then();
    }

    private Mono<Position> inGroups(GroupAction action, List<GroupName> names) {
        return HandleMono.create(
                lane,
                sink -> session.execute(() -> {
                    if (isClosing) {
                        emit(() -> sink.error(session.refusal(true)));
                        return;
                    }
                    List<GroupName> changed = groups.asked(action, names);
                    session.requests()
                            .submit(new Operation(
                                    op -> new Frame.Groups(op, number, action, names),
                                    answer(
                                            sink,
                                            done -> groups.done(action, names),
                                            () -> groups.failed(action, changed))));
                }));
    }

    @Override
    public Set<GroupName> groups() {
        return groups.joined();
    }

    @Override
    public List<GroupMember> members(String group) {
        return groups.members(GroupName.of(group));
    }

    /** Lane: a subscriber is given this now. */
    void given(GroupChange change) {
        groups.given(change);
    }

    /** Loop: as the node has come to. */
    void roll(Frame.Roll roll) {
        groups.roll(roll);
    }

    @Override
    public Mono<Position> send(Message message) {
        requireNonNull(message, "message");
        return HandleMono.sending(
                lane,
                sink -> session.execute(() -> {
                    if (isClosing) {
                        emit(() -> sink.error(SendFailedException.refused(CLOSED)));
                        return;
                    }
                    Operation operation = sending(message, answer(sink, done -> {}, () -> {}));
                    sink.onCancel(() -> session.execute(() -> session.requests().abandon(operation)));
                    session.requests().submit(operation);
                }));
    }

    /** Loop: the operation that sends this. */
    Operation sending(Message message, Operation.Answer answer) {
        return new Operation(op -> new Frame.Send(op, number, message), answer);
    }

    private Operation.Answer answer(
            MonoSink<Position> sink, java.util.function.Consumer<Frame.Done> onDone, Runnable onFailure) {
        return new Operation.Answer() {
            @Override
            public void done(Frame answer) {
                if (answer instanceof Frame.Done done) {
                    onDone.accept(done);
                    emit(() -> done.position().ifPresentOrElse(sink::success, sink::success));
                }
            }

            @Override
            public void failed(TotemException reason) {
                onFailure.run();
                emit(() -> sink.error(reason));
            }
        };
    }

    @Override
    public Flux<Position> sendAll(Publisher<Message> messages) {
        requireNonNull(messages, "messages");
        return SendAllFlux.of(this, messages);
    }

    @Override
    public Flux<EvsEvent> events(OverflowPolicy policy) {
        requireNonNull(policy, "policy");
        return EventsFlux.of(this, policy);
    }

    /** Loop. */
    void attach(EventsSubscription subscription) {
        if (isClosed || session.isOver()) {
            subscription.ended(session.refusal(isClosed));
            return;
        }
        subscriptions.add(subscription);
        groups.hasSubscribers(true);
        session.requests().subscribe(this, subscription);
    }

    /** Loop. */
    void detach(EventsSubscription subscription) {
        if (subscriptions.remove(subscription)) {
            session.requests().unsubscribe(subscription);
            groups.hasSubscribers(!subscriptions.isEmpty());
            releaseLane();
        }
    }

    /** Loop: the executive has ended it, or ends it when the subscriber is told so. */
    void forget(EventsSubscription subscription) {
        subscriptions.remove(subscription);
        groups.hasSubscribers(!subscriptions.isEmpty());
        releaseLane();
    }

    /** Loop. */
    void attach(SendAllSubscription subscription) {
        if (isClosing) {
            subscription.close(SendFailedException.refused(CLOSED));
        } else {
            sendAlls.add(subscription);
        }
    }

    /** Loop. */
    void detach(SendAllSubscription subscription) {
        sendAlls.remove(subscription);
    }

    @Override
    public Mono<Void> close() {
        return HandleMono.create(lane, sink -> {
            dispose();
            sink.onDispose(closed.asMono().subscribe(nothing -> {}, sink::error, sink::success));
        });
    }

    @Override
    public void dispose() {
        session.execute(() -> {
            if (isClosing) {
                return;
            }
            acceptNoMore();
            session.requests().submit(new Operation(op -> new Frame.Close(op, number), new Operation.Answer() {
                @Override
                public void done(Frame answer) {
                    finish();
                }

                @Override
                public void failed(TotemException reason) {
                    finish();
                }
            }));
        });
    }

    @Override
    public boolean isDisposed() {
        return isClosing;
    }

    private void acceptNoMore() {
        isClosing = true;
        new ArrayList<>(sendAlls).forEach(each -> each.close(SendFailedException.refused(CLOSED)));
    }

    /** Loop: it has closed. Its streams end when their subscribers have taken what was before. */
    void finish() {
        if (isClosed) {
            return;
        }
        acceptNoMore();
        isClosed = true;
        session.requests().forget(this);
        emit(closed::tryEmitEmpty);
        releaseLane();
    }

    private void releaseLane() {
        if (isClosed && subscriptions.isEmpty()) {
            lane.release();
        }
    }

    /** Loop: the streams end with this. */
    void failStreams(TotemException reason) {
        List<EventsSubscription> all = List.copyOf(subscriptions);
        subscriptions.clear();
        groups.hasSubscribers(false);
        all.forEach(each -> each.ended(reason));
        releaseLane();
    }

    /** Loop: what a new session is to be asked for, so that the handle is where it was. */
    List<Operation> again() {
        List<Operation> all = new ArrayList<>();
        groups.again()
                .forEach((action, names) -> all.add(new Operation(
                        op -> new Frame.Groups(op, number, action, names), new Operation.Answer() {
                            @Override
                            public void done(Frame answer) {}

                            @Override
                            public void failed(TotemException reason) {
                                if (action == GroupAction.JOIN) {
                                    failStreams(new NodeClosedException("the place of the handle in its groups"));
                                }
                            }
                        })));
        return all;
    }

    private void emit(Runnable signal) {
        lane.run(signal);
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

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One user of a node: joins and leaves groups, sends, and sees the one order of deliveries and configuration changes.
 * Any thread; any number of handles per node, each with its own groups and demand.
 *
 * <p>All signals of one handle run one after another, in turns on one worker of its scheduler: a send completes after the
 * handle's own subscribers were given what the order has before it, its own delivery included, unless one of them is stalled in
 * front of it, that is, asks for nothing. So a subscriber that waits for its own send before it takes more, like {@code
 * concatMap(d -> handle.send(reply(d)))}, goes on for ever. Other handles' subscribers hold it up neither way.
 *
 * <p>A subscriber that blocks holds up the others of its handle; {@code publishOn} is the remedy. Whoever blocks in a callback
 * until the same handle has signalled something else waits for itself: {@code block()} of Reactor is refused there, with
 * {@link SendFailedException} for sends and {@link IllegalStateException} otherwise. Waiting for a future, or for another handle
 * of the same thread, is not noticed at once: after one to two times {@link Settings#STALL_LIMIT} the signals that the callback
 * keeps from others are given by another thread of the scheduler, and if none comes for as long again, by a
 * spare one. Its own subscriber gets nothing more before it returns. A subscriber that throws costs itself only: its
 * error goes to Reactor's {@code onErrorDropped} with its context.
 */
public interface EvsHandle extends Disposable {

    /** The most groups that one handle can have joined. */
    int GROUPS_MAX = 65_536;

    /** What this handle is in the groups that it joins. */
    MemberId id();

    /**
     * Joins groups; joining one twice has no effect. The join is ordered like a message, behind those that the handle has sent,
     * and takes effect at its position at every node: messages to these groups are shown from there on, and before them a
     * {@link GroupChange} of each group that has the handle in it.
     *
     * <p>Completes with the position, after this handle's own subscribers were given the changes; of more than 4,096 groups, which
     * are joined in parts, with that of the last part. What was to be joined when a ring formed may be told to the others before
     * its first message: the position is then number 0 of the ring. Cold; cancelling does not take it back; an unfinished one
     * fails with {@link NodeClosedException} on close. Fails with {@link ConfigurationException}, and joins none, if the handle
     * would have joined more than {@link #GROUPS_MAX}.
     *
     * @throws ConfigurationException if these alone are more
     */
    default Mono<Position> join(String first, String... more) {
        return join(GroupName.listOf(first, more));
    }

    /** The same; of no groups it completes empty and changes nothing. */
    Mono<Position> join(Collection<GroupName> groups);

    /**
     * Leaves groups; ordered like a join.
     *
     * <p>Completes with the position, from which on no further message to only these groups is shown, after the last change of
     * each, without the handle, was. Fails with {@link NotJoinedException}, and leaves none, if one of them is not joined. Cold;
     * cancelling does not take it back; an unfinished one fails with {@link NodeClosedException} on close.
     */
    default Mono<Position> leave(String first, String... more) {
        return leave(GroupName.listOf(first, more));
    }

    /** The same, for example {@code leave(groups())}; of no groups it completes empty and changes nothing. */
    Mono<Position> leave(Collection<GroupName> groups);

    /** A copy of the groups joined, with those whose join is under way and without those that it leaves. */
    Set<GroupName> groups();

    /**
     * Shows this handle who is in these groups without joining them: subscribers are given a {@link GroupChange} of each now, with
     * the members that there are, and those to come.
     *
     * <p>Completes when that was handed on. Of this node only, not ordered; watching twice tells the members again. Cold;
     * cancelling has no effect; fails with {@link NodeClosedException} on close, and with {@link ConfigurationException} if the
     * handle would watch more than {@link #GROUPS_MAX}.
     */
    default Mono<Void> watch(String first, String... more) {
        return watch(GroupName.listOf(first, more));
    }

    /** The same; of no groups it completes and changes nothing. */
    Mono<Void> watch(Collection<GroupName> groups);

    /** Ends {@link #watch}; of a group that is not watched it has no effect. Completes, fails and is cold like that. */
    default Mono<Void> unwatch(String first, String... more) {
        return unwatch(GroupName.listOf(first, more));
    }

    /** The same; of no groups it completes and changes nothing. */
    Mono<Void> unwatch(Collection<GroupName> groups);

    /**
     * Who is in a group that this handle has joined or watches, ascending: as in the last {@link GroupChange} of the group that a
     * subscriber of the handle was given, or, while it has no subscriber, that the node has come to. Empty for other groups.
     */
    List<GroupMember> members(String group);

    /** Sends {@link Message#of(byte[])}; see {@link #send(Message)}. */
    default Mono<Position> send(byte[] payload) {
        return send(Message.of(payload));
    }

    /**
     * Sends a message. Cold: each subscription sends once.
     *
     * <p>Completes with the position when the message came back in agreed order ({@link Guarantee#SAFE}: when every
     * member holds it), after this handle's own subscribers were given it, unless one of them is stalled in front of it (asks
     * for nothing). Fails with {@link SendFailedException}, whose
     * fate says whether somebody may still deliver it. A send that finds no room in the node's memory waits for its turn,
     * first come, first served, whatever their number: what waits is the subscriber, with the message its caller made.
     * Messages of one handle are ordered as they were subscribed.
     *
     * <p>Cancelling, also by {@code timeout}, before it was ordered frees its place at once; once ordered it is delivered
     * all the same. On close, accepted sends are ordered first.
     */
    Mono<Position> send(Message message);

    /**
     * Sends what a publisher emits, as fast as the ring admits.
     *
     * <p>Order: positions in the order of the messages. Backpressure: a message is requested from upstream only when its
     * position was requested here, at most {@link Settings#SENDS_IN_FLIGHT} and about {@link
     * Settings#SEND_BYTES_IN_FLIGHT} are in flight, and the node's memory for sends has room for it: for one of the
     * largest size at first, later as large as the last ones. Where it has not, each publisher gets its turn among the
     * others and the single sends that wait. So {@code take(10)}
     * sends ten messages. Completion: when upstream completed and all its messages came back. Errors: upstream's; one that
     * says that upstream emitted more than was requested; {@link SendFailedException}, also when the handle closes before
     * upstream has completed. An error comes after the positions of the messages before it, upstream is cancelled, and
     * what follows is taken back if it was not ordered. Cancelling does the same. Subscribers: each subscribes upstream
     * anew; upstream sees the subscriber's context.
     */
    Flux<Position> sendAll(Publisher<Message> messages);

    /** {@link #events(OverflowPolicy)} with {@link OverflowPolicy#HOLD_BACK}. */
    default Flux<EvsEvent> events() {
        return events(OverflowPolicy.HOLD_BACK);
    }

    /**
     * The deliveries to the groups this handle has joined, the changes of those and of the watched groups, and all configuration
     * changes, in the one order.
     *
     * <p>Order: the total order; the first event is the current regular configuration, and then come the groups that the handle
     * has joined or watches, as they are. Backpressure: a queue per
     * subscriber ({@link Settings#SUBSCRIBER_EVENTS}, {@link Settings#SUBSCRIBER_BYTES}); when it is full the policy decides, and
     * nothing is dropped silently. Who holds the ring back and takes nothing for {@link Settings#STALL_LIMIT} is ended; who takes
     * anything, however slowly, is not. Completion:
     * when the handle or its node closed and everything before that was emitted. Errors: {@link SlowSubscriberException},
     * {@link ProtocolFailureException}, {@link DuplicateNodeIdException},
     * {@link ConfigurationException} when the handle's scheduler threw something, which ends the handle, and
     * {@link NodeClosedException} for who subscribes after the end. Subscribers: any number, each sees everything
     * from its subscription on; cancel and subscribe again at any time.
     */
    Flux<EvsEvent> events(OverflowPolicy policy);

    /** The {@link Delivery} part of {@link #events()}, with the same rules. */
    default Flux<Delivery> deliveries() {
        return events().ofType(Delivery.class);
    }

    /** The {@link ConfigChange} part of {@link #events()}, with the same rules. */
    default Flux<ConfigChange> configChanges() {
        return events().ofType(ConfigChange.class);
    }

    /** The {@link GroupChange} part of {@link #events()}, with the same rules. */
    default Flux<GroupChange> groupChanges() {
        return events().ofType(GroupChange.class);
    }

    /**
     * Closes the handle, which leaves its groups. Sends it has accepted are ordered first, then its streams complete.
     *
     * <p>Completes when all of that is done. Cold: it starts when it is subscribed. Idempotent: any number of them, each
     * completes when the handle has closed; cancelling does not stop it.
     */
    Mono<Void> close();

    /** Begins to {@link #close()} and waits for nothing. */
    @Override
    void dispose();

    /** Whether it closes or has closed, by itself or with its node. */
    @Override
    boolean isDisposed();
}

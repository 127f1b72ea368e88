/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.HandleSource;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.SendFailedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Questions to the members of a group, and their answers. Any thread.
 *
 * <p>Who is asked is who is in the group at the position of the question, the same for all. There is no quorum in it: each part of
 * the network asks its own. No timeout is needed for those who are gone, as the order says who is; a member that lives and does
 * not answer is waited for, unless there is a limit.
 */
public final class Requests {

    private final HandleSource node;
    private final EvsHandle handle;
    private final MemberId self;
    private final String replyGroup;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
    private final Set<String> watched = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String ended;

    private Requests(HandleSource node, EvsHandle handle) {
        this.node = node;
        this.handle = handle;
        this.self = handle.id();
        this.replyGroup = replyGroup(self);
    }

    private static String replyGroup(MemberId asker) {
        return "totem.ask/" + asker.node() + "/" + Long.toHexString(asker.life()) + "/" + asker.handle();
    }

    /**
     * Opens them on a node, or on a client at one, on a handle of their own. Completes when questions can be asked. When a client loses
     * its place at its executive they end as with a node; open them again. Cold.
     */
    public static Mono<Requests> open(HandleSource node) {
        requireNonNull(node, "node");
        return node.handle(Schedulers.parallel()).flatMap(handle -> {
            Requests requests = new Requests(node, handle);
            handle.events()
                    .subscribe(
                            requests::onEvent,
                            failed -> requests.end(failed.getMessage()),
                            () -> requests.end("the node has left"));
            return handle.join(requests.replyGroup).thenReturn(requests);
        });
    }

    /**
     * Asks all members of a group. Cold: each subscription asks once.
     *
     * <p>Emits one {@link Reply} a member, in the order in which they come, also of those that are gone, which it names; completes
     * when each has one. Fails as {@link EvsHandle#send}, and with {@link NodeClosedException}. Backpressure: replies wait, one a
     * member. Cancelling stops the waiting.
     */
    public Flux<Reply> askAll(String group, byte[] data) {
        return ask(group, data, new RequestFrame.All(), Optional.empty());
    }

    /** The same, for at most so long, which those who are asked are told; who has not answered then is named. */
    public Flux<Reply> askAll(String group, byte[] data, Duration atMost) {
        return ask(group, data, new RequestFrame.All(), Optional.of(atMost));
    }

    /** Asks the first member on a node; fails with {@link SendFailedException} if it has none. Otherwise as {@link #askAll}. */
    public Mono<Reply> askOne(String group, NodeId who, byte[] data) {
        return one(group, ask(group, data, new RequestFrame.OnNode(requireNonNull(who, "who")), Optional.empty()));
    }

    /**
     * Asks the member that a key belongs to, the same one for all who ask while the group does not change; as few keys as can be
     * move when it does. Fails with {@link SendFailedException} if the group is empty. Otherwise as {@link #askAll}.
     */
    public Mono<Reply> askOne(String group, String key, byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(key.getBytes(UTF_8));
        return one(
                group,
                ask(group, data, new RequestFrame.ByKey(crc.getValue() * 0x9E3779B97F4A7C15L), Optional.empty()));
    }

    private static Mono<Reply> one(String group, Flux<Reply> replies) {
        return replies.next()
                .switchIfEmpty(Mono.error(() -> SendFailedException.refused(
                        "nobody is in group " + group + " who could answer: start one that serves it")));
    }

    private Flux<Reply> ask(String group, byte[] data, RequestFrame.Choice choice, Optional<Duration> atMost) {
        requireNonNull(group, "group");
        requireNonNull(data, "data");
        if (atMost.filter(limit -> limit.toMillis() < 1).isPresent()) {
            throw new ConfigurationException("at-most", atMost.get().toString(), "1 ms or more");
        }
        return Flux.create(sink -> {
            Asked one = new Asked(numbers.incrementAndGet(), group, choice, sink);
            asked.put(one.number, one);
            if (ended != null) {
                asked.remove(one.number);
                refuse(one);
                return;
            }
            RequestFrame.Ask frame = new RequestFrame.Ask(
                    self, one.number, choice, atMost.map(Duration::toMillis).orElse(0L), data);
            Mono<Void> known = watched.contains(group)
                    ? Mono.empty()
                    : handle.watch(group).doOnSuccess(done -> watched.add(group));
            Disposable sending = known.then(
                            handle.send(Message.to(group, replyGroup).payload(frame.encode())))
                    .subscribe(position -> {}, sink::error);
            Disposable limit = atMost.<Disposable>map(time ->
                            Mono.delay(time).subscribe(tick -> one.giveUp("no answer within " + time), sink::error))
                    .orElse(sending);
            sink.onDispose(() -> {
                asked.remove(one.number);
                sending.dispose();
                limit.dispose();
            });
        });
    }

    private void onEvent(EvsEvent event) {
        if (!handle.id().equals(self)) {
            end("the client has moved to another executive");
        } else if (event instanceof GroupChange change) {
            asked.values().forEach(one -> one.left(change));
        } else if (event instanceof Delivery delivery) {
            RequestFrame.decode(delivery.payload()).ifPresent(this::onFrame);
        }
    }

    private void onFrame(RequestFrame frame) {
        if (frame instanceof RequestFrame.Ask ask && ask.from().equals(self)) {
            Asked one = asked.get(ask.number());
            if (one != null) {
                one.ordered(handle.members(one.group));
            }
        } else if (frame instanceof RequestFrame.Answer answer) {
            Asked one = asked.get(answer.number());
            if (one != null) {
                one.answered(answer);
            }
        }
    }

    private void end(@Nullable String why) {
        ended = "the node: " + why;
        handle.dispose();
        asked.values().forEach(this::refuse);
    }

    private void refuse(Asked one) {
        one.sink.error(new NodeClosedException(String.valueOf(ended)));
    }

    /** A question that is open. */
    private static final class Asked {

        private final long number;
        private final String group;
        private final RequestFrame.Choice choice;
        private final FluxSink<Reply> sink;
        private final Set<MemberId> open = ConcurrentHashMap.newKeySet();
        private volatile boolean isOrdered;

        Asked(long number, String group, RequestFrame.Choice choice, FluxSink<Reply> sink) {
            this.number = number;
            this.group = group;
            this.choice = choice;
            this.sink = sink;
        }

        void ordered(List<GroupMember> members) {
            open.addAll(choice.of(members));
            isOrdered = true;
            completeIfDone();
        }

        void answered(RequestFrame.Answer answer) {
            if (open.remove(answer.from())) {
                sink.next(
                        answer.isAnswered()
                                ? Reply.of(answer.from(), answer.data())
                                : Reply.missing(answer.from(), new String(answer.data(), UTF_8)));
                completeIfDone();
            }
        }

        void left(GroupChange change) {
            if (change.group().value().equals(group)) {
                change.left().forEach(gone -> missing(gone.id(), "it is gone: " + change.reason()));
                completeIfDone();
            }
        }

        void giveUp(String why) {
            List.copyOf(open).forEach(member -> missing(member, why));
            sink.complete();
        }

        private void missing(MemberId member, String why) {
            if (open.remove(member)) {
                sink.next(Reply.missing(member, why));
            }
        }

        private void completeIfDone() {
            if (isOrdered && open.isEmpty()) {
                sink.complete();
            }
        }
    }

    /**
     * Joins a group to answer what it is asked, on a handle of its own, as long as it is subscribed.
     *
     * <p>Order: that of the questions. Backpressure: as {@link EvsHandle#events()}, so who answers too slowly holds the ring back.
     * Completes when the node leaves; fails as {@code events()}. A question that is not answered when the subscriber cancels is
     * reported to its asker as missing. Each subscriber is a member of its own.
     */
    public Flux<Request> serve(String group) {
        requireNonNull(group, "group");
        return Flux.usingWhen(
                node.handle(Schedulers.parallel()),
                serving -> serving.events()
                        .mergeWith(serving.join(group).then(Mono.empty()))
                        .<Request>handle((event, next) ->
                                requested(serving, group, event).ifPresent(next::next)),
                EvsHandle::close);
    }

    private static Optional<Request> requested(EvsHandle serving, String group, EvsEvent event) {
        if (!(event instanceof Delivery delivery)
                || !(RequestFrame.decode(delivery.payload()).orElse(null) instanceof RequestFrame.Ask ask)
                || !ask.choice().of(serving.members(group)).contains(serving.id())) {
            return Optional.empty();
        }
        Optional<Long> deadline = ask.timeMillis() == 0
                ? Optional.empty()
                : Optional.of(System.nanoTime() + ask.timeMillis() * 1_000_000);
        return Optional.of(new Request(ask.from(), delivery.position(), ask.data(), deadline, (isAnswered, data) -> {
            byte[] answer = new RequestFrame.Answer(serving.id(), ask.number(), isAnswered, data).encode();
            return serving.send(Message.to(replyGroup(ask.from())).payload(answer))
                    .then();
        }));
    }

    /** Closes; open questions fail. Completes when the handle is closed. Cold. */
    public Mono<Void> close() {
        return handle.close();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.blocks.MapEntry;
import dev.totem.blocks.MapSnapshot;
import dev.totem.blocks.Reply;
import dev.totem.blocks.Request;
import dev.totem.blocks.StateStatus;
import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.HandleSource;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.SendFailedException;
import dev.totem.core.SendFailedException.Fate;
import dev.totem.core.TotemException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The blocks of one node, between lines of input and lines of output. {@link #accept} on the input thread; everything else that is
 * written is written on the lane, one thread.
 */
final class BlocksSession {

    /** So many commands may be without an answer; then no more is read. */
    private static final int OPEN_MAX = 16_384;

    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
    private static final Duration END_LIMIT = Duration.ofMillis(4_500);

    private final Scheduler lane;
    private final BlocksWriter out;
    private final NodeBlocks.Options options;
    private final LockDesk locks;
    private final WorkDesk workers;
    private final Semaphore room = new Semaphore(OPEN_MAX);
    private final AtomicBoolean quitting = new AtomicBoolean();
    private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
    private final CompletableFuture<Processor> bound = new CompletableFuture<>();
    private final Sinks.One<NodeBlocks> opened = Sinks.one();
    private final AtomicReference<@Nullable NodeBlocks> blocksNow = new AtomicReference<>();

    // lane only
    private final Set<Call> open = new LinkedHashSet<>();
    private final Set<String> elections = new LinkedHashSet<>();
    private final Map<String, Disposable> serving = new HashMap<>();
    private boolean flushIsDue;
    private boolean isInState;
    private long transferred;
    private @Nullable Throwable failure;

    BlocksSession(Scheduler lane, BlocksWriter out, NodeBlocks.Options options) {
        this.lane = lane;
        this.out = out;
        this.options = options;
        this.locks = new LockDesk(this, out);
        this.workers = new WorkDesk(this, out);
    }

    // the node

    Scheduler lane() {
        return lane;
    }

    /**
     * Begins.
     *
     * @param place where the blocks are opened
     * @param handle one there, on the lane
     */
    void attach(Processor node, HandleSource place, EvsHandle handle, List<String> groups) {
        onLane(() -> out.ready(node.id(), options.quorum(), node.isAttached()));
        handle.events().subscribe(this::show, gone -> {}, () -> {});
        node.onClose().subscribe(nothing -> {}, stopped -> onLane(() -> end(stopped)), () -> onLane(() -> end(null)));
        NodeBlocks.open(place, options)
                .subscribe(
                        blocks -> {
                            blocks.status()
                                    .subscribe(
                                            all -> onLane(() -> status(all)), stopped -> onLane(() -> broken(stopped)));
                            blocksNow.set(blocks);
                            opened.tryEmitValue(blocks);
                        },
                        failed -> onLane(() -> broken(failed)));
        if (!groups.isEmpty()) {
            handle.watch(groups.get(0), groups.subList(1, groups.size()).toArray(String[]::new))
                    .subscribe(nothing -> {}, gone -> {});
            onBlocks(blocks -> groups.forEach(group -> serve(blocks, group)));
        }
        bound.complete(node);
    }

    private void show(EvsEvent event) {
        guarded(() -> out.event(event));
    }

    private void status(List<StateStatus> all) {
        boolean isNow = all.stream().allMatch(one -> one.phase() == StateStatus.Phase.IN_STATE);
        long bytes = all.stream().mapToLong(StateStatus::transferred).sum();
        if (bytes > 0 && bytes != transferred) {
            out.transfer(
                    all.stream()
                            .filter(one -> one.transferred() > 0)
                            .flatMap(one -> one.inState().stream())
                            .findFirst(),
                    bytes);
        }
        transferred = bytes;
        if (isNow && !isInState) {
            out.inState();
        }
        isInState = isNow;
    }

    private void broken(Throwable reason) {
        failure = failure == null ? reason : failure;
        quit();
    }

    private void onBlocks(Consumer<NodeBlocks> task) {
        opened.asMono().subscribe(blocks -> onLane(() -> task.accept(blocks)), impossible -> {});
    }

    // commands

    /** A command that waits for its answer; it gets one. */
    final class Call {

        private final Optional<String> tag;

        private Call(Optional<String> tag) {
            this.tag = tag;
            open.add(this);
        }

        Optional<String> tag() {
            return tag;
        }

        void answer(Runnable writing) {
            if (open.remove(this)) {
                room.release();
                writing.run();
            }
        }

        void fail(Throwable reason) {
            answer(() -> out.failed(tag, fate(reason), message(reason)));
        }

        /** Answers with what comes of something. */
        <T> void finish(Mono<T> work, Consumer<T> writing) {
            work.subscribe(
                    value -> onLane(() -> answer(() -> writing.accept(value))), failed -> onLane(() -> fail(failed)));
        }

        /** Answers only if it fails. */
        void run(Mono<Void> work) {
            work.subscribe(nothing -> {}, failed -> onLane(() -> fail(failed)), () -> onLane(() -> answer(() -> {})));
        }
    }

    /** Does what a line of input asks for; returns when the next may be read. */
    void accept(BlocksRequest request) throws InterruptedException {
        if (request instanceof BlocksRequest.Quit) {
            quit();
        } else if (request instanceof BlocksRequest.Membership) {
            answer(bound.join().membership(), out::membership);
        } else if (request instanceof BlocksRequest.Stats) {
            answer(bound.join().stats(), out::stats);
        } else {
            while (!room.tryAcquire(1, TimeUnit.SECONDS)) {
                if (ended.isDone()) {
                    return;
                }
            }
            onBlocks(blocks -> start(blocks, request, new Call(request.tag())));
        }
    }

    private <T> void answer(Mono<T> question, Consumer<T> writing) {
        question.subscribe(value -> onLane(() -> writing.accept(value)), failed -> onLane(() -> end(failed)));
    }

    private void start(NodeBlocks blocks, BlocksRequest request, Call call) {
        try {
            if (!entry(blocks, request, call)) {
                other(blocks, request, call);
            }
        } catch (TotemException wrong) {
            call.fail(wrong);
        }
    }

    /** Commands of the map and of counters. */
    private boolean entry(NodeBlocks blocks, BlocksRequest request, Call call) {
        if (request instanceof BlocksRequest.Put put) {
            call.finish(blocks.map().put(put.key(), put.value()), at -> out.done(call.tag, Optional.of(at)));
        } else if (request instanceof BlocksRequest.Remove remove) {
            call.finish(blocks.map().remove(remove.key()), done -> out.done(call.tag, Optional.of(done.position())));
        } else if (request instanceof BlocksRequest.Cas cas) {
            call.finish(blocks.changed(cas), done -> out.done(call.tag, done.position(), done.isApplied()));
        } else if (request instanceof BlocksRequest.Get get) {
            Mono<MapEntry<String, String>> found =
                    get.isLocal() ? blocks.map().get(get.key()) : blocks.map().getLatest(get.key());
            call.finish(
                    found.map(entry -> Optional.of(entry.value())).defaultIfEmpty(Optional.empty()),
                    value -> out.value(call.tag, value));
        } else if (request instanceof BlocksRequest.Add add) {
            call.finish(blocks.counters().counter(add.key()).addAndGet(add.by()), sum -> out.number(call.tag, sum));
        } else if (request instanceof BlocksRequest.Dump) {
            call.finish(
                    blocks.map().snapshot().defaultIfEmpty(new MapSnapshot<>(Optional.empty(), "", List.of())),
                    state -> out.state(call.tag, state));
        } else {
            return false;
        }
        return true;
    }

    private void other(NodeBlocks blocks, BlocksRequest request, Call call) {
        if (request instanceof BlocksRequest.Lock lock) {
            locks.lock(blocks.locks(), lock.name(), call);
        } else if (request instanceof BlocksRequest.Unlock unlock) {
            locks.unlock(unlock.name(), call);
        } else if (request instanceof BlocksRequest.Candidate candidate) {
            call.answer(() -> stand(blocks, candidate));
        } else if (request instanceof BlocksRequest.Resign resign) {
            call.finish(
                    blocks.elections().resign(resign.name()).thenReturn(true),
                    done -> out.done(call.tag, Optional.empty()));
        } else if (request instanceof BlocksRequest.Enqueue enqueue) {
            call.finish(
                    blocks.queues().enqueue(enqueue.queue(), enqueue.value()),
                    at -> out.done(call.tag, Optional.of(at)));
        } else if (request instanceof BlocksRequest.Work work) {
            call.answer(() -> workers.work(blocks.queues(), work.queue(), work.demand()));
        } else if (request instanceof BlocksRequest.Ack ack) {
            workers.ack(ack.queue(), ack.item(), call);
        } else if (request instanceof BlocksRequest.Ask ask) {
            ask(blocks, ask, call);
        } else if (request instanceof BlocksRequest.Join join) {
            call.answer(() -> join.groups().forEach(group -> serve(blocks, group)));
        } else if (request instanceof BlocksRequest.Leave leave) {
            call.answer(() -> leave.groups()
                    .forEach(group -> Optional.ofNullable(serving.remove(group)).ifPresent(Disposable::dispose)));
        }
    }

    private void stand(NodeBlocks blocks, BlocksRequest.Candidate candidate) {
        if (elections.add(candidate.name())) {
            blocks.elections()
                    .candidate(candidate.name(), candidate.priority())
                    .subscribe(now -> onLane(() -> out.leader(now)), stopped -> {});
        }
    }

    private void ask(NodeBlocks blocks, BlocksRequest.Ask ask, Call call) {
        Flux<Reply> replies = blocks.requests().askAll(ask.group(), ask.data(), ASK_LIMIT);
        call.finish(
                replies.doOnNext(reply -> onLane(() -> {
                            if (reply.isAnswered() && open.contains(call)) {
                                out.reply(call.tag, reply);
                            }
                        }))
                        .filter(reply -> !reply.isAnswered())
                        .map(reply -> reply.from().node())
                        .sort()
                        .collectList(),
                (List<NodeId> missing) -> out.asked(call.tag, missing));
    }

    /** Answers what a group is asked with the question. */
    private void serve(NodeBlocks blocks, String group) {
        serving.computeIfAbsent(
                group,
                first -> blocks.requests()
                        .serve(group)
                        .flatMap(BlocksSession::echo)
                        .subscribe(nothing -> {}, gone -> {}));
    }

    private static Mono<Void> echo(Request request) {
        return request.reply(request.data()).onErrorComplete();
    }

    void refuse(Optional<String> tag, String what) {
        onLane(() -> out.failed(tag, Fate.REFUSED, what));
    }

    // the end

    CompletableFuture<Optional<Throwable>> ended() {
        return ended;
    }

    boolean isQuitting() {
        return quitting.get();
    }

    /** Gives up what this node has, leaves the ring in order, and answers what is open; once. */
    void quit() {
        if (quitting.compareAndSet(false, true)) {
            lane.schedule(() -> end(null), END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            NodeBlocks known = blocksNow.get();
            Mono<Void> closing = known == null
                    ? Mono.empty()
                    : known.close().timeout(CLOSE_LIMIT).onErrorComplete();
            closing.then(Mono.defer(() -> bound.join().leave()))
                    .subscribe(nothing -> {}, failed -> onLane(() -> end(failed)));
        }
    }

    private void end(@Nullable Throwable reason) {
        if (ended.isDone()) {
            return;
        }
        failure = failure == null ? reason : failure;
        quitting.set(true);
        try {
            List.copyOf(open).forEach(call -> call.fail(SendFailedException.unknown("the node has ended")));
            out.flush();
        } catch (UncheckedIOException gone) {
            failure = failure == null ? gone : failure;
        }
        ended.complete(Optional.ofNullable(failure));
    }

    // the lane

    void onLane(Runnable task) {
        lane.schedule(() -> guarded(task));
    }

    private void guarded(Runnable writing) {
        if (ended.isDone()) {
            return;
        }
        try {
            writing.run();
            if (!flushIsDue) {
                flushIsDue = true;
                lane.schedule(this::flush);
            }
        } catch (UncheckedIOException gone) {
            broken(gone);
        }
    }

    private void flush() {
        flushIsDue = false;
        if (ended.isDone()) {
            return;
        }
        try {
            out.flush();
        } catch (UncheckedIOException gone) {
            broken(gone);
        }
    }

    private static Fate fate(Throwable reason) {
        if (reason instanceof SendFailedException send) {
            return send.fate();
        }
        return reason instanceof ConfigurationException
                        || reason instanceof NodeClosedException
                        || reason instanceof ArithmeticException
                ? Fate.REFUSED
                : Fate.UNKNOWN;
    }

    private static String message(Throwable failure) {
        return failure instanceof TotemException || failure instanceof ArithmeticException
                ? String.valueOf(failure.getMessage())
                : failure.toString();
    }
}

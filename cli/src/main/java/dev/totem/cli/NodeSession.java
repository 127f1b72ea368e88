/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.cli.OpenSends.OpenSend;
import dev.totem.core.Delivery;
import dev.totem.core.EventsMissedException;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.NodeClosedException;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemException;
import dev.totem.core.TotemNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One node with one handle, between lines of input and lines of output. {@link #accept} on the input thread; everything is
 * written on the lane, the handle's one thread; the rest on any thread.
 */
final class NodeSession {

    /** What accepted sends may hold until they are answered; the input is not read while it is used up. */
    private static final int OPEN_BYTES_MAX =
            (int) Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 8);

    /** What a send costs beside its bytes: bounds small sends to 16,384 at once. */
    private static final int SEND_BYTES = 4_096;

    /** What a group costs that a send names. */
    private static final int GROUP_BYTES = 64;

    private static final Duration END_LIMIT = Duration.ofMillis(4_500);

    private final Scheduler lane;
    private final Quorum quorum;
    private final EventWriter out;
    private final OpenSends sends;
    private final Semaphore room = new Semaphore(OPEN_BYTES_MAX, true);
    private final Set<GroupName> joined = ConcurrentHashMap.newKeySet();
    private final Set<GroupName> watched = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean quitting = new AtomicBoolean();
    private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
    private final CompletableFuture<Processor> bound = new CompletableFuture<>();
    private final CompletableFuture<EvsHandle> opened = new CompletableFuture<>();

    // lane only
    private boolean flushIsDue;
    private boolean eventsOver;
    private boolean nodeOver;
    private @Nullable Throwable failure;

    NodeSession(Scheduler lane, EventWriter out, Quorum quorum) {
        this.lane = lane;
        this.quorum = quorum;
        this.out = out;
        this.sends = new OpenSends(out);
    }

    /**
     * Opens the handle, shows its events and joins groups, before the node installs anything: so it is shown all messages of
     * its first ring to them.
     */
    void attach(TotemNode node, List<GroupName> groups) {
        attach(Processor.of(node), node.openHandle(lane), groups);
    }

    /** The same with a handle of this processor, whose signals run on the lane. */
    void attach(Processor node, EvsHandle handle, List<GroupName> groups) {
        onLane(() -> out.ready(node.id(), quorum, node.isAttached()));
        joined.addAll(groups);
        if (node.isAttached()) {
            followOnceJoined(handle);
        } else {
            follow(handle);
            join(handle).subscribe(nothing -> {}, this::eventsFailed);
        }
        node.onClose()
                .subscribe(
                        nothing -> {},
                        stopped -> onLane(() -> nodeEnded(stopped)),
                        () -> onLane(() -> nodeEnded(null)));
        bound.complete(node);
        opened.complete(handle);
    }

    private Mono<Void> join(EvsHandle handle) {
        return handle.join(List.copyOf(joined))
                .doOnError(failed -> onLane(() -> out.error(Optional.empty(), message(failed))))
                .onErrorComplete()
                .then();
    }

    /** In a ring that runs already, what is shown is to have no hole before the join. */
    private void followOnceJoined(EvsHandle handle) {
        join(handle).subscribe(nothing -> {}, this::eventsFailed, () -> follow(handle));
    }

    /** Where the signals of the handle are to run. */
    Scheduler lane() {
        return lane;
    }

    private void follow(EvsHandle handle) {
        handle.events().subscribe(this::show, this::eventsFailed, () -> onLane(this::eventsEnded));
    }

    /** Completes when everything was shown: with what ended the node, or with nothing after an orderly leave. */
    CompletableFuture<Optional<Throwable>> ended() {
        return ended;
    }

    /** Does what a line of input asks for; returns when the next may be read. */
    void accept(NodeRequest request) {
        try {
            if (request instanceof NodeRequest.Send send) {
                send(send);
            } else if (request instanceof NodeRequest.Join join) {
                join(join.tag(), join.groups());
            } else if (request instanceof NodeRequest.Leave leave) {
                leave(leave.tag(), leave.groups());
            } else if (request instanceof NodeRequest.Watch watch) {
                watch(watch);
            } else if (request instanceof NodeRequest.InGroup in) {
                onLane(() ->
                        out.members(in.group(), opened.join().members(in.group().value())));
            } else if (request instanceof NodeRequest.Rekey rekey) {
                rekey(rekey);
            } else if (request instanceof NodeRequest.Lease) {
                answer(bound.join().lease(), lease -> out.lease(lease.isHeld(), lease.remaining()));
            } else if (request instanceof NodeRequest.Members) {
                answer(bound.join().membership(), out::membership);
            } else if (request instanceof NodeRequest.Stats) {
                answer(bound.join().stats(), out::stats);
            } else if (request instanceof NodeRequest.Quit) {
                quit();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void refuse(Optional<String> tag, String what) {
        onLane(() -> out.error(tag, what));
    }

    boolean isQuitting() {
        return quitting.get();
    }

    private <T> void answer(Mono<T> asked, Consumer<T> writing) {
        asked.subscribe(
                value -> onLane(() -> writing.accept(value)),
                failed -> onLane(() -> out.error(Optional.empty(), message(failed))));
    }

    private void watch(NodeRequest.Watch watch) {
        if (watch.isOn()) {
            watched.addAll(watch.groups());
        } else {
            watched.removeAll(watch.groups());
        }
        change(
                watch.tag(),
                Mono.defer(() -> watch.isOn()
                        ? opened.join().watch(watch.groups())
                        : opened.join().unwatch(watch.groups())));
    }

    void join(Optional<String> tag, List<GroupName> groups) {
        change(tag, Mono.defer(() -> opened.join().join(groups)).doOnSuccess(done -> joined.addAll(groups)));
    }

    /** Leaves the ring in order, once. Accepted sends are answered before {@link #ended()} completes. */
    void quit() {
        if (quitting.compareAndSet(false, true)) {
            lane.schedule(
                    () -> end(SendFailedException.unknown("not ordered before the node ended")),
                    END_LIMIT.toMillis(),
                    TimeUnit.MILLISECONDS);
            bound.join().leave().subscribe(nothing -> {}, failed -> onLane(() -> nodeEnded(failed)));
        }
    }

    private void leave(Optional<String> tag, List<GroupName> groups) {
        change(tag, Mono.defer(() -> opened.join().leave(groups)).doOnSuccess(done -> {
            groups.forEach(joined::remove);
            sends.shownOnly(joined);
        }));
    }

    private void rekey(NodeRequest.Rekey wanted) {
        int key = wanted.key();
        Mono.defer(() -> wanted.without()
                        .map(member -> bound.join().expel(member, key))
                        .orElseGet(() -> bound.join().rekey(key)))
                .subscribe(
                        position -> onLane(() -> out.rekeyed(wanted.tag(), key, position)),
                        failed -> onLane(() -> out.error(wanted.tag(), message(failed))));
    }

    private void change(Optional<String> tag, Mono<?> change) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        change.subscribe(
                nothing -> {},
                failed -> {
                    onLane(() -> out.error(tag, message(failed)));
                    done.complete(null);
                },
                () -> done.complete(null));
        CompletableFuture.anyOf(done, ended).join();
    }

    private void send(NodeRequest.Send request) throws InterruptedException {
        EvsHandle handle = opened.join();
        Optional<List<MemberId>> recipients = Recipients.of(request.to(), handle, joined, watched);
        if (recipients.isEmpty()) {
            refuse(
                    Optional.of(request.tag()),
                    "to: not all of " + request.to()
                            + " are known: join or watch a group that they are in, or give handle and life");
            return;
        }
        boolean isAddressed = !request.to().isEmpty();
        Collection<GroupName> groups = isAddressed || !request.groups().isEmpty() ? request.groups() : joined;
        if (groups.isEmpty() && !isAddressed) {
            refuse(Optional.of(request.tag()), "no group is joined: join one, or name the groups to send to");
            return;
        }
        if (groups.size() > Message.GROUPS_MAX) {
            refuse(
                    Optional.of(request.tag()),
                    groups.size() + " groups, and a message goes to at most " + Message.GROUPS_MAX + ": name fewer");
            return;
        }
        int cost = Math.min(OPEN_BYTES_MAX, SEND_BYTES + GROUP_BYTES * groups.size() + request.data().length);
        while (!room.tryAcquire(cost, 1, TimeUnit.SECONDS)) {
            if (ended.isDone()) {
                return;
            }
        }
        OpenSend send = sends.accept(request.tag(), groups);
        Mono.defer(() -> handle.send(new Message(
                        request.groups(),
                        recipients.get(),
                        request.guarantee(),
                        request.isOnlyInPrimary(),
                        request.headers(),
                        request.data())))
                .doFinally(signal -> room.release(cost))
                .subscribe(position -> completed(send, position), failed -> onLane(() -> sends.failed(send, failed)));
    }

    private void completed(OpenSend send, Position position) {
        guarded(() -> sends.completed(send, position, joined));
    }

    private void show(EvsEvent event) {
        guarded(() -> {
            out.event(event);
            if (event instanceof Delivery delivery) {
                sends.shown(delivery);
            }
        });
    }

    private void eventsFailed(Throwable reason) {
        onLane(() -> {
            if (reason instanceof EventsMissedException && !quitting.get()) {
                // The client has another place; what follows begins like the output of another life.
                out.error(Optional.empty(), message(reason));
                out.ready(bound.join().id(), quorum, true);
                followOnceJoined(opened.join());
                return;
            }
            failure = failure == null ? reason : failure;
            eventsOver = true;
            quit();
            endIfOver();
        });
    }

    private void eventsEnded() {
        eventsOver = true;
        endIfOver();
    }

    private void nodeEnded(@Nullable Throwable reason) {
        if (reason != null && failure == null) {
            failure = reason;
        }
        nodeOver = true;
        quitting.set(true);
        lane.schedule(() -> end(new NodeClosedException("the node has stopped")), 1, TimeUnit.SECONDS);
        endIfOver();
    }

    private void endIfOver() {
        if (eventsOver && nodeOver && sends.isEmpty()) {
            end(new NodeClosedException("the node has ended"));
        }
    }

    private void end(Throwable fateOfTheRest) {
        if (ended.isDone()) {
            return;
        }
        try {
            sends.end(fateOfTheRest);
            out.flush();
        } catch (UncheckedIOException gone) {
            failure = failure == null ? gone : failure;
        }
        ended.complete(Optional.ofNullable(failure));
    }

    private void onLane(Runnable task) {
        lane.schedule(() -> guarded(task));
    }

    /** Writes, and flushes once what is under way on the lane has been written too. */
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
            outputIsGone(gone);
        }
        if (nodeOver) {
            endIfOver();
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
            outputIsGone(gone);
        }
    }

    private void outputIsGone(UncheckedIOException gone) {
        failure = failure == null ? gone : failure;
        quit();
    }

    private static String message(Throwable failure) {
        return failure instanceof TotemException ? String.valueOf(failure.getMessage()) : failure.toString();
    }
}

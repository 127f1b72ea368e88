/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Codec;
import dev.totem.blocks.Member;
import dev.totem.blocks.MergePolicy;
import dev.totem.blocks.MergeReport;
import dev.totem.blocks.ReplicaStoppedException;
import dev.totem.blocks.StateMachine;
import dev.totem.blocks.StateStatus;
import dev.totem.core.EventsMissedException;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.HandleSource;
import dev.totem.core.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Runs a replica on a handle of its own: its events, its timers and what users ask run one after another on one worker. Any
 * thread.
 *
 * @param <S> the user's machine
 */
public final class Host<S extends StateMachine<C, R>, C, R> {

    private static final int MERGES_KEPT = 16;

    private final Scheduler scheduler;
    private final EvsHandle handle;
    private final MemberId place;
    private final Outbox out;
    private final Replica replica;
    private final Codec<C> codec;
    private final Sinks.Many<StateStatus> status = Sinks.many().replay().latest();
    private final Sinks.Many<MergeReport> merges = Sinks.many().replay().limit(MERGES_KEPT);
    private final Sinks.Empty<Void> end = Sinks.empty();
    private final Disposable.Swap events = Disposables.swap();
    private final List<Observer<? super S>> observers = new ArrayList<>();
    private StateStatus now = new StateStatus(StateStatus.Phase.NOT_PRIMARY, List.of(), 0, 0, Optional.empty());

    /** A block that looks at its replica, on the replica's thread. What it throws stops the replica. */
    public interface Observer<S> {

        /** An entry was applied to the machine, or the machine is another than before. */
        void applied(S machine);

        void status(StateStatus now);
    }

    private Host(
            Scheduler scheduler,
            EvsHandle handle,
            Settings settings,
            long instance,
            Supplier<S> machines,
            Codec<C> codec,
            MergePolicy<S> policy) {
        this.scheduler = scheduler;
        this.handle = handle;
        this.place = handle.id();
        this.out = new Outbox(handle, "totem.blocks/" + settings.name());
        this.codec = codec;
        this.replica = new Replica(
                settings,
                new Site(
                        new Member(place.node(), instance),
                        out,
                        scheduler,
                        this::applied,
                        this::tell,
                        merges::tryEmitNext,
                        this::stopped),
                () -> new Machine<>(machines, codec, policy));
    }

    /** Completes when the replica follows the order; it may be long before it has a state. */
    public static <S extends StateMachine<C, R>, C, R> Mono<Host<S, C, R>> open(
            HandleSource node,
            Settings settings,
            long instance,
            Supplier<S> machines,
            Codec<C> codec,
            MergePolicy<S> policy) {
        return Mono.defer(() -> {
            Scheduler serial = new SerialScheduler(Schedulers.parallel());
            return node.handle(serial, Attendance.handleName(instance)).flatMap(handle -> {
                Host<S, C, R> host = new Host<>(serial, handle, settings, instance, machines, codec, policy);
                return host.out
                        .join(host.place.node())
                        .then(Mono.fromRunnable(host::follow))
                        .thenReturn(host)
                        .doOnError(failed -> handle.dispose())
                        .doOnCancel(handle::dispose);
            });
        });
    }

    private void follow() {
        events.update(handle.events().subscribe(this::onEvent, replica::stop, () -> {
            replica.close("the node has left");
            ended();
        }));
    }

    /** Whoever has its place elsewhere is another member there, although nothing has told it so: it had no stream to end. */
    private void onEvent(EvsEvent event) {
        if (handle.id().equals(place)) {
            replica.onEvent(event);
        } else {
            replica.stop(new EventsMissedException("the client has moved to another executive"));
        }
    }

    private void tell(StateStatus next) {
        now = next;
        observers.forEach(observer -> observer.status(next));
        status.tryEmitNext(next);
    }

    @SuppressWarnings("unchecked")
    private void applied() {
        replica.machine().ifPresent(machine -> {
            S state = (S) machine.state();
            observers.forEach(observer -> observer.applied(state));
        });
    }

    /** Shows a block what is so, and everything from then on. */
    @SuppressWarnings("unchecked")
    public void observe(Observer<? super S> observer) {
        run(() -> {
            observers.add(observer);
            replica.machine().ifPresent(machine -> observer.applied((S) machine.state()));
            observer.status(now);
        });
    }

    private void stopped(ReplicaStoppedException reason) {
        handle.dispose();
        end.tryEmitError(reason);
        status.tryEmitError(reason);
        merges.tryEmitError(reason);
    }

    private void ended() {
        status.tryEmitComplete();
        merges.tryEmitComplete();
        end.tryEmitEmpty();
    }

    public Member member() {
        return replica.member();
    }

    /** The result of a command. */
    @SuppressWarnings("unchecked")
    public Mono<R> submit(C command) {
        return Mono.defer(() -> {
            byte[] bytes = codec.encode(command);
            return Mono.<Object>create(sink -> run(() -> replica.submit(bytes, sink)))
                    .map(result -> (R) result);
        });
    }

    /** What a function makes of the machine; empty if there is none, or it makes nothing. */
    @SuppressWarnings("unchecked")
    public <T> Mono<T> read(Function<? super S, ? extends T> reading) {
        return call(() -> replica.machine()
                .map(machine -> (T) reading.apply((S) machine.state()))
                .orElse(null));
    }

    /** What a call gives on the replica's thread; empty for null. */
    public <T> Mono<T> call(Supplier<? extends @Nullable T> task) {
        return Mono.create(sink -> run(() -> {
            try {
                sink.success(task.get());
            } catch (RuntimeException thrown) {
                sink.error(thrown);
            }
        }));
    }

    /** Completes when everything that was decided before it was subscribed is applied here. */
    public Mono<Void> latest() {
        return Mono.<Boolean>create(sink -> run(() -> replica.mark(sink))).then();
    }

    public void keepLease(boolean isWanted) {
        run(() -> replica.duties().keepLease(isWanted));
    }

    /** Until then nobody else takes this member for gone; any thread. */
    public long leaseUntilNanos() {
        return replica.calls().leaseUntilNanos();
    }

    /** Whether the lease is held now; any thread. */
    public boolean isLeased() {
        return replica.calls().nowNanos() < replica.calls().leaseUntilNanos();
    }

    public long nowNanos() {
        return replica.calls().nowNanos();
    }

    /** Runs something on the replica's thread. */
    public void run(Runnable task) {
        scheduler.schedule(task);
    }

    public Disposable later(long delayNanos, Runnable task) {
        return scheduler.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }

    public Flux<StateStatus> status() {
        return status.asFlux();
    }

    public Flux<MergeReport> merges() {
        return merges.asFlux();
    }

    /** Whether the replica has ended; on its thread. */
    public boolean isOver() {
        return replica.isStopped();
    }

    public Mono<Void> end() {
        return end.asMono();
    }

    /** The others are told, and then it ends. */
    public Mono<Void> close() {
        return out.last(new Frame.Leave(replica.member()))
                .subscribeOn(scheduler)
                .onErrorComplete()
                .then(Mono.<Void>create(sink -> run(() -> {
                    replica.close("the replica was closed");
                    ended();
                    sink.success();
                })))
                .then(Mono.defer(() -> {
                    events.dispose();
                    return handle.close();
                }));
    }
}

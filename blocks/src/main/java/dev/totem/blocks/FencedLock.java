/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.internal.Host;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.ContextView;

/**
 * Locks by name that one holder among all nodes has at a time, granted in the order in which they were asked for. Any thread.
 *
 * <p>A holder that closes, or leaves, gives its locks up at once. One that crashes, is paused or is cut off from the primary
 * loses them when its {@linkplain BlockBuilder#lease lease} is over: by its own clock first, which {@link Lease#lost()} says, and
 * then the next one is granted the lock. So at no moment two hold it, as long as clocks run apart by less than a tenth and the
 * holder's monotonic clock goes on; {@link Lease#token()} is for what must be safe even if not.
 *
 * <p>Those who wait on one node wait like those on different nodes: a lock does not know who asks. What is done under {@link
 * #usingLock} is known by its Reactor context, so that asking there for the same lock again is refused.
 */
public final class FencedLock implements Block {

    private final ReplicatedState<ClaimMachine, ClaimCommand, Position> state;
    private final Host<ClaimMachine, ClaimCommand, Position> host;
    private final Claims claims;

    private FencedLock(ReplicatedState<ClaimMachine, ClaimCommand, Position> state) {
        this.state = state;
        this.host = state.host();
        this.claims = new Claims(host);
    }

    /**
     * Locks to be opened.
     *
     * @param name of the block, the same at all nodes; 1 to 96 bytes
     * @param quorum which replicas may decide, the same at all nodes
     */
    public static BlockBuilder<FencedLock> of(String name, Quorum quorum) {
        return BlockBuilder.of(
                "lock",
                requireNonNull(name, "name"),
                requireNonNull(quorum, "quorum"),
                (node, settings, instance) -> ReplicatedState.open(
                                node, settings, instance, ClaimMachine::new, ClaimCommand.CODEC)
                        .map(FencedLock::new));
    }

    /**
     * Waits for a lock; completes with the lease, which the caller releases.
     *
     * <p>Fails as {@link ReplicatedState#submit}, {@code REFUSED} in a part without quorum; one that waits already goes on waiting
     * when its part loses the quorum. {@code REFUSED} also inside {@link #usingLock} of the same lock.
     * Cancelling gives the place in the line up, and the lease too if that has been granted meanwhile: whoever cancels has nothing.
     * Only what cancels while it is handed the lease, as {@code Flux.next()} does, keeps it.
     */
    public Mono<Lease> acquire(String name) {
        return claimed(requireNonNull(name, "name"), null, false);
    }

    /** The same, for at most so long; then it fails with {@link TimeoutException}, and the place in the line is given up. */
    public Mono<Lease> acquire(String name, Duration atMost) {
        return claimed(requireNonNull(name, "name"), atMost.toNanos(), false);
    }

    /**
     * The lease if the lock is free at the place of this call in the order, and empty if somebody else has it, or waits for it. Fails as
     * {@link #acquire}, and cancelling does what it does there: {@code timeout} of it leaves nothing behind.
     */
    public Mono<Lease> tryAcquire(String name) {
        return claimed(requireNonNull(name, "name"), null, true);
    }

    private Mono<Lease> claimed(String name, @Nullable Long limitNanos, boolean isTry) {
        if (name.isEmpty()) {
            throw new ConfigurationException("lock", name, "a lock has a name");
        }
        return Mono.deferContextual(context -> {
            if (held(context).contains(name)) {
                return Mono.error(SendFailedException.refused("lock " + name
                        + " is held around this call, and is not reentrant: use the lease that is there"));
            }
            Acquiring one = new Acquiring(name, limitNanos, isTry);
            return Mono.<Lease>create(sink -> host.run(() -> one.start(sink)))
                    .doOnNext(one::handingOver)
                    .doAfterTerminate(one::handedOver)
                    .doOnCancel(one::cancelled)
                    .doOnDiscard(Lease.class, Lease::releaseSoon);
        });
    }

    private Set<String> held(ContextView context) {
        return context.<Set<String>>getOrEmpty(this).orElse(Set.of());
    }

    /**
     * Does something while a lock is held, and releases it when that completes, fails or is cancelled, before that is signalled.
     * If the lease is lost the work is cancelled, and the result fails with {@link LeaseLostException}. Otherwise it fails as {@link
     * #acquire}, or as the work does.
     */
    public <T> Flux<T> usingLock(String name, Function<? super Lease, ? extends Publisher<T>> work) {
        requireNonNull(work, "work");
        return Flux.usingWhen(
                acquire(name),
                lease -> Flux.<T>from(work.apply(lease))
                        .takeUntilOther(lease.lost()
                                .flatMap(why -> Mono.error(new LeaseLostException(lease.name(), lease.token(), why))))
                        .contextWrite(context -> {
                            Set<String> names = new TreeSet<>(held(context));
                            names.add(name);
                            return context.put(this, names);
                        }),
                Lease::release);
    }

    /**
     * One who waits, or has what it waited for. The replica's thread, but for the hand-over.
     *
     * <p>A subscriber that cancels while it is handed the lease may drop it without a word, as {@code timeout} does. So whoever cancels
     * has nothing, however late that comes, unless it is what is handed the lease that cancels: it has it.
     */
    private final class Acquiring implements Claims.Owner {

        private final String name;
        private final @Nullable Long limitNanos;
        private final boolean isTry;
        private @Nullable MonoSink<Lease> sink;
        private Claims.@Nullable Claim claim;
        private @Nullable Lease lease;
        private volatile @Nullable Thread handing;
        private volatile boolean isCancelled;

        Acquiring(String name, @Nullable Long limitNanos, boolean isTry) {
            this.name = name;
            this.limitNanos = limitNanos;
            this.isTry = isTry;
        }

        void start(MonoSink<Lease> asked) {
            if (isCancelled) {
                return;
            }
            sink = asked;
            Claims.Claim made = claims.claim(name, 0, false, this);
            claim = made;
            if (limitNanos != null) {
                host.later(limitNanos, () -> timeOut(made));
            }
        }

        private MonoSink<Lease> sink() {
            return requireNonNull(sink, "sink");
        }

        void handingOver(Lease granted) {
            handing = Thread.currentThread();
        }

        void handedOver() {
            handing = null;
        }

        void cancelled() {
            if (handing != Thread.currentThread()) {
                isCancelled = true;
                host.run(this::giveUp);
            }
        }

        private void giveUp() {
            Claims.Claim made = claim;
            claim = null;
            if (made != null) {
                if (lease != null) {
                    lease.end(null);
                }
                claims.withdraw(made, gone -> {});
            }
        }

        private void timeOut(Claims.Claim made) {
            if (lease == null && claim != null) {
                claim = null;
                claims.withdraw(made, gone -> {});
                sink().error(new TimeoutException("lock " + name + " was not free in time"));
            }
        }

        @Override
        public void waiting() {
            Claims.Claim made = claim;
            if (isTry && made != null) {
                claim = null;
                claims.withdraw(made, gone -> {});
                sink().success();
            }
        }

        @Override
        public void granted(Position token) {
            Lease granted = new Lease(name, token, host, Mono.<Position>create(done -> host.run(() -> release(done))));
            lease = granted;
            sink().success(granted);
        }

        private void release(MonoSink<Position> done) {
            Claims.Claim made = claim;
            Lease over = lease;
            if (made == null || over == null) {
                done.success();
                return;
            }
            over.end(null);
            claims.withdraw(made, freed -> done.success(freed.orElse(null)));
        }

        @Override
        public void lost(String why) {
            claim = null;
            if (lease != null) {
                lease.end(why);
            }
        }

        @Override
        public void failed(Throwable reason) {
            claim = null;
            sink().error(reason);
        }
    }

    // the block

    @Override
    public Member member() {
        return state.member();
    }

    @Override
    public Flux<StateStatus> status() {
        return state.status();
    }

    @Override
    public Mono<Void> inState() {
        return state.inState();
    }

    /** Its leases are lost first. */
    @Override
    public Mono<Void> close() {
        return host.<Void>call(() -> {
                    claims.end("the block was closed");
                    return null;
                })
                .then(state.close());
    }
}

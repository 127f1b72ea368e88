/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.shedlock;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.FencedLock;
import dev.totem.blocks.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Locks of ShedLock on a {@link FencedLock}: no database, and no clocks that agree. Any thread that may block.
 *
 * <p>A lock that is free is had within a rotation or two; one that somebody has is not waited for. {@code lockAtMostFor} and {@code
 * lockAtLeastFor} are counted from the grant by the monotonic clock of the holder. A holder that crashes, or is cut off from the primary part,
 * loses its locks when the lease of the block is over, before {@code lockAtMostFor}, and then {@code lockAtLeastFor} does not count
 * either. One that closes its block, or leaves, gives them up at once.
 */
public final class TotemLockProvider implements ExtensibleLockProvider {

    private static final Logger LOG = LoggerFactory.getLogger(TotemLockProvider.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Mono<FencedLock> locks;
    private final Duration patience;

    /** On this block, waiting up to 5 s for an answer of the ring. */
    public TotemLockProvider(FencedLock locks) {
        this(Mono.just(requireNonNull(locks, "locks")), PATIENCE);
    }

    /**
     * On a block that may not be open yet.
     *
     * @param locks subscribed at each call; a cached Mono, as {@code TotemBlocks.lock} gives it
     * @param patience how long a call waits for an answer of the ring before it goes without the lock; one that comes later is given back
     */
    public TotemLockProvider(Mono<FencedLock> locks, Duration patience) {
        this.locks = requireNonNull(locks, "locks");
        this.patience = requireNonNull(patience, "patience");
    }

    /** Blocks for the ring's answer. Empty if somebody has the lock, and, with a warning, in a part of the network without a quorum. */
    @Override
    public Optional<SimpleLock> lock(LockConfiguration configuration) {
        requireNonNull(configuration, "configuration");
        return asked(configuration.getName()).map(lease -> new HeldLock(configuration, lease, patience));
    }

    /** Nothing is cancelled when the patience is over: so a lease that comes later is seen, and given back. */
    private Optional<Lease> asked(String name) {
        CompletableFuture<Optional<Lease>> answer = new CompletableFuture<>();
        locks.timeout(patience)
                .flatMap(open -> open.tryAcquire(name))
                .subscribe(
                        lease -> {
                            if (!answer.complete(Optional.of(lease))) {
                                giveBack(lease);
                            }
                        },
                        answer::completeExceptionally,
                        () -> answer.complete(Optional.empty()));
        try {
            return Mono.fromFuture(answer.orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS), true)
                    .onErrorResume(failure -> {
                        LOG.warn("lock {} cannot be had now: {}", name, words(failure));
                        return Mono.just(Optional.empty());
                    })
                    .blockOptional()
                    .orElseThrow();
        } catch (RuntimeException interrupted) {
            Mono.fromFuture(answer, true)
                    .subscribe(lease -> lease.ifPresent(TotemLockProvider::giveBack), failure -> {});
            throw interrupted;
        }
    }

    private String words(Throwable failure) {
        return failure instanceof TimeoutException ? "no answer in " + patience : failure.toString();
    }

    private static void giveBack(Lease lease) {
        lease.release()
                .subscribe(
                        freed -> {},
                        failure -> LOG.warn("lock {} ends with its lease: {}", lease.name(), failure.toString()));
    }
}

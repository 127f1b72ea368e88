/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.integration;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.FencedLock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.integration.support.locks.DistributedLock;
import org.springframework.integration.support.locks.RenewableLockRegistry;
import reactor.core.publisher.Mono;

/**
 * Locks of Spring Integration on a {@link FencedLock}: no database, and no time to live that has to be guessed. Any thread that may block,
 * virtual ones too; a lock is the thread's that has locked it, which may lock it again.
 *
 * <p>A lease lasts as long as the holder is in the primary part, so there is nothing to renew. It is lost when its instance crashes, is
 * paused or is cut off for longer than the lease of the block, and when the block or the node ends: then {@code unlock()} throws {@link
 * java.util.ConcurrentModificationException}, as somebody else may have had the lock meanwhile. In a part without a quorum nobody gets a
 * lock: {@code lock()} waits for the quorum, {@code tryLock} is false when its time is over.
 *
 * <p>Locks that were given a time to live, by {@link DistributedLock}, are given up when it is over, by the holder's monotonic clock; {@link
 * #renewLock(Object, Duration)} counts anew. Nothing is kept of a lock that nobody holds or waits for.
 */
public final class TotemLockRegistry implements RenewableLockRegistry<DistributedLock> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Leases leases;
    private final ConcurrentMap<String, Mutex> mutexes = new ConcurrentHashMap<>();

    /** On this block, waiting up to 5 s for an answer of the ring where nothing else is said. */
    public TotemLockRegistry(FencedLock locks) {
        this(Mono.just(requireNonNull(locks, "locks")), PATIENCE);
    }

    /**
     * On a block that may not be open yet.
     *
     * @param locks subscribed at each call; a cached Mono, as {@code TotemBlocks.lock} gives it
     * @param patience how long {@code tryLock()} and {@code unlock()} wait for an answer of the ring; a lease that comes later is given
     *     back, and a release goes on
     * @throws IllegalArgumentException if the patience is not more than 0
     */
    public TotemLockRegistry(Mono<FencedLock> locks, Duration patience) {
        requireNonNull(locks, "locks");
        if (requireNonNull(patience, "patience").isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience=" + patience + ": must be more than 0");
        }
        this.leases = new Leases(locks, patience);
    }

    /**
     * The lock of a key; its name on the ring is the key as text.
     *
     * @throws IllegalArgumentException if that is empty
     */
    @Override
    public DistributedLock obtain(Object lockKey) {
        return new TotemLock(name(lockKey), mutexes, leases);
    }

    /**
     * Does nothing to a lock without a time to live, which needs none, and lets that of another one count anew.
     *
     * @throws IllegalStateException if the current thread does not hold the lock, or has lost it
     */
    @Override
    public void renewLock(Object lockKey) {
        held(lockKey).renew();
    }

    /**
     * The same, with another time to live.
     *
     * @throws IllegalArgumentException if that is not more than 0
     */
    @Override
    public void renewLock(Object lockKey, Duration ttl) {
        TotemLock.positive(ttl);
        held(lockKey).renew(ttl);
    }

    private Mutex held(Object lockKey) {
        String name = name(lockKey);
        Mutex mutex = mutexes.get(name);
        if (mutex == null || !mutex.isHeldByCurrentThread() || !mutex.isLeased()) {
            throw new IllegalStateException(
                    "lock " + name + " cannot be renewed: this thread does not hold it, or has lost its lease");
        }
        return mutex;
    }

    private static String name(Object lockKey) {
        String name = requireNonNull(lockKey, "lockKey").toString();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("lockKey is empty: a lock has a name");
        }
        return name;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.integration;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.Lease;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.springframework.integration.support.locks.DistributedLock;

/** The lock of a key: a name, and how to come to what is known of it. Any thread that may block. */
final class TotemLock implements DistributedLock {

    private final String name;
    private final ConcurrentMap<String, Mutex> mutexes;
    private final Leases leases;

    TotemLock(String name, ConcurrentMap<String, Mutex> mutexes, Leases leases) {
        this.name = name;
        this.mutexes = mutexes;
        this.leases = leases;
    }

    static Duration positive(Duration ttl) {
        if (requireNonNull(ttl, "ttl").isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("ttl=" + ttl + ": must be more than 0");
        }
        return ttl;
    }

    @Override
    public void lock() {
        lockUninterruptibly(null);
    }

    @Override
    public void lock(Duration ttl) {
        lockUninterruptibly(positive(ttl));
    }

    /** An interrupt is seen when the lock is held. */
    private void lockUninterruptibly(@Nullable Duration ttl) {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    lockInterruptibly(ttl);
                    return;
                } catch (InterruptedException later) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        lockInterruptibly(null);
    }

    private void lockInterruptibly(@Nullable Duration ttl) throws InterruptedException {
        Mutex mutex = using();
        boolean isLocal = false;
        boolean isLocked = false;
        try {
            mutex.local().lockInterruptibly();
            isLocal = true;
            if (isAgain(mutex) && !mutex.isLeased()) {
                throw lost();
            }
            isLocked = isAgain(mutex) || granted(mutex, Optional.of(leases.acquire(name)), ttl);
        } finally {
            undo(mutex, isLocal, isLocked);
        }
    }

    /** Waits for the ring's answer, and not for the lock. */
    @Override
    public boolean tryLock() {
        boolean isInterrupted = Thread.interrupted();
        try {
            return locked(0, null);
        } catch (InterruptedException meanwhile) {
            isInterrupted = true;
            return false;
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return locked(requireNonNull(unit, "unit").toNanos(time), null);
    }

    @Override
    public boolean tryLock(Duration waitTime, Duration ttl) throws InterruptedException {
        return locked(requireNonNull(waitTime, "waitTime").toNanos(), positive(ttl));
    }

    private boolean locked(long waitNanos, @Nullable Duration ttl) throws InterruptedException {
        long beganNanos = System.nanoTime();
        Mutex mutex = using();
        boolean isLocal = false;
        boolean isLocked = false;
        try {
            isLocal = mutex.local().tryLock(waitNanos, TimeUnit.NANOSECONDS);
            if (isLocal && isAgain(mutex) && !mutex.isLeased()) {
                isLocal = false;
                dropAll(mutex);
                return false;
            }
            if (isLocal) {
                long leftNanos = waitNanos - (System.nanoTime() - beganNanos);
                isLocked = isAgain(mutex) || granted(mutex, leases.tryAcquire(name, leftNanos), ttl);
            }
            return isLocked;
        } finally {
            undo(mutex, isLocal, isLocked);
        }
    }

    private static boolean isAgain(Mutex mutex) {
        return mutex.local().getHoldCount() > 1;
    }

    private static boolean granted(Mutex mutex, Optional<Lease> lease, @Nullable Duration ttl) {
        lease.ifPresent(had -> mutex.granted(had, ttl));
        return lease.isPresent();
    }

    /** Counted while it is held or waited for, once a hold. */
    private Mutex using() {
        return requireNonNull(
                mutexes.compute(name, (key, there) -> (there == null ? new Mutex(leases) : there).used()), "mutex");
    }

    private void undo(Mutex mutex, boolean isLocal, boolean isLocked) {
        if (isLocal && !isLocked) {
            mutex.local().unlock();
        }
        if (!isLocked) {
            left();
        }
    }

    /**
     * After false the thread may try again, and have another lease, as initiators of leaders do: so it does not hold what it has lost. The
     * call itself is counted out by its caller.
     */
    private void dropAll(Mutex mutex) {
        mutex.release();
        mutex.local().unlock();
        while (mutex.isHeldByCurrentThread()) {
            mutex.local().unlock();
            left();
        }
    }

    private ConcurrentModificationException lost() {
        return new ConcurrentModificationException(
                "lock " + name + " was lost while it was held: somebody else may have changed what it protects");
    }

    private void left() {
        mutexes.computeIfPresent(name, (key, there) -> there.left());
    }

    /**
     * @throws IllegalMonitorStateException if the current thread does not hold it
     * @throws ConcurrentModificationException if it does, and has lost its lease; it does not hold it any more then
     */
    @Override
    public void unlock() {
        Mutex mutex = mutexes.get(name);
        if (mutex == null || !mutex.isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException(
                    "lock " + name + " is not held by " + Thread.currentThread().getName());
        }
        boolean isHeld = true;
        try {
            if (!isAgain(mutex)) {
                isHeld = mutex.release();
            }
        } finally {
            mutex.local().unlock();
            left();
        }
        if (!isHeld) {
            throw lost();
        }
    }

    /** Of a lock between processes there are none. */
    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException(
                "lock " + name + " has no conditions: they would be known to this process only");
    }

    @Override
    public String toString() {
        return "TotemLock " + name;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.integration;

import dev.totem.blocks.Lease;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * Who of this instance has a lock, and by which lease: one thread at a time asks the ring for it. There while somebody has it or waits for
 * it. Users are counted under the map's lock, the rest belongs to the thread that holds it.
 */
final class Mutex {

    private final ReentrantLock local = new ReentrantLock();
    private final Leases leases;
    private int users;
    private @Nullable Lease lease;
    private @Nullable Duration timeToLive;
    private @Nullable Disposable end;

    Mutex(Leases leases) {
        this.leases = leases;
    }

    Mutex used() {
        users++;
        return this;
    }

    /** Nothing if nobody uses it any more. */
    @Nullable
    Mutex left() {
        users--;
        return users == 0 ? null : this;
    }

    ReentrantLock local() {
        return local;
    }

    boolean isHeldByCurrentThread() {
        return local.isHeldByCurrentThread();
    }

    boolean isLeased() {
        Lease held = lease;
        return held != null && held.isHeld();
    }

    void granted(Lease granted, @Nullable Duration ttl) {
        lease = granted;
        timeToLive = ttl;
        renew();
    }

    void renew() {
        Duration ttl = timeToLive;
        if (ttl != null) {
            renew(ttl);
        }
    }

    void renew(Duration ttl) {
        timeToLive = ttl;
        stopTimer();
        Lease held = lease;
        if (held != null) {
            end = Schedulers.parallel().schedule(() -> leases.giveBack(held), ttl.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Gives the lease up; whether it was held until now. */
    boolean release() {
        stopTimer();
        Lease held = lease;
        lease = null;
        timeToLive = null;
        return held != null && leases.release(held);
    }

    private void stopTimer() {
        Disposable timer = end;
        if (timer != null) {
            timer.dispose();
        }
        end = null;
    }
}

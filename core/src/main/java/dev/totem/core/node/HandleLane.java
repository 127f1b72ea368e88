/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The one worker on which all signals of a handle run, one after another, so that a send completes after the handle's
 * subscribers that had asked for its delivery were given it. Any thread.
 *
 * <p>Given back when the handle and its last subscription have ended; what comes later runs on the scheduler as such, and
 * after the scheduler was disposed on another worker, one for all of it and never on the loop.
 */
final class HandleLane {

    private final Scheduler scheduler;
    private final Scheduler.Worker worker;
    private final AtomicInteger users = new AtomicInteger(1);
    private final AtomicReference<Scheduler.@Nullable Worker> substitute = new AtomicReference<>();

    /** @param worker of the scheduler, in use by the handle until {@link #release()} */
    HandleLane(Scheduler scheduler, Scheduler.Worker worker) {
        this.scheduler = scheduler;
        this.worker = worker;
    }

    /** One user more, who must {@link #release()} once; false if the worker was given back already. */
    boolean retain() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            worker.dispose();
        }
    }

    /** A task that waits is a user as well: giving the worker back would drop it. */
    void schedule(Runnable task) {
        boolean isRetained = retain();
        try {
            if (isRetained) {
                worker.schedule(() -> runAndRelease(task));
            } else {
                scheduler.schedule(task);
            }
        } catch (RejectedExecutionException disposed) {
            if (isRetained) {
                release();
            }
            scheduleElsewhere(task);
        }
    }

    private void runAndRelease(Runnable task) {
        try {
            task.run();
        } finally {
            release();
        }
    }

    private void scheduleElsewhere(Runnable task) {
        Scheduler.Worker other = substitute.get();
        if (other == null) {
            substitute.compareAndSet(null, Schedulers.parallel().createWorker());
            other = substitute.get();
        }
        if (other != null) {
            other.schedule(task);
        }
    }
}

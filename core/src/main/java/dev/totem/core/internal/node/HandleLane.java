/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

/**
 * Runs all signals of a handle, one after another and in order, on one worker of its scheduler, so that a send completes
 * after the handle's subscribers that had asked for its delivery were given it. Any thread.
 *
 * <p>The order is kept here and not left to the worker: that of a thread pool, or of a thread a task, keeps none.
 *
 * <p>The worker is given back when the handle and its last subscription have ended; what comes later runs on the scheduler
 * as such, and elsewhere, but never on the loop, after the scheduler was disposed.
 */
final class HandleLane {

    private final Scheduler scheduler;
    private final Scheduler.Worker worker;
    private final Queue<Runnable> tasks =
            Queues.<Runnable>unboundedMultiproducer().get();
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicInteger users = new AtomicInteger(1);

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

    /** Runs a task behind those that were scheduled before. */
    void schedule(Runnable task) {
        // A task that waits is a user as well: giving the worker back would drop it.
        tasks.offer(retain() ? () -> runAndRelease(task) : task);
        if (work.getAndIncrement() == 0) {
            handOver();
        }
    }

    private void runAndRelease(Runnable task) {
        try {
            task.run();
        } finally {
            release();
        }
    }

    private void handOver() {
        try {
            if (users.get() > 0) {
                worker.schedule(this::drain);
            } else {
                scheduler.schedule(this::drain);
            }
        } catch (RejectedExecutionException disposed) {
            Schedulers.parallel().schedule(this::drain);
        }
    }

    /** Runs what was there at its beginning; a task that throws ends the run, and the rest has another. */
    private void drain() {
        int found = work.get();
        int taken = 0;
        try {
            while (taken < found) {
                taken++;
                Runnable task = tasks.poll();
                if (task != null) {
                    task.run();
                }
            }
        } finally {
            if (work.addAndGet(-taken) != 0) {
                handOver();
            }
        }
    }
}

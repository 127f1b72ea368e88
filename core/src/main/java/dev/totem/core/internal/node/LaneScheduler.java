/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The scheduler that a handle was opened with, and its worker. It is the user's: it may be disposed at any time, and throw
 * anything. What it does not take runs elsewhere, and after it has thrown what it may not, it is not called again. Any thread.
 */
final class LaneScheduler {

    private final Scheduler scheduler;
    private final Consumer<Throwable> onBroken;
    private final AtomicBoolean isBroken = new AtomicBoolean();
    private volatile Scheduler.Worker worker;

    /**
     * @param worker of the scheduler, in use until {@link #releaseWorker()}
     * @param onBroken told once, by any thread, what the scheduler has thrown beside {@link RejectedExecutionException}
     */
    LaneScheduler(Scheduler scheduler, Scheduler.Worker worker, Consumer<Throwable> onBroken) {
        this.scheduler = scheduler;
        this.worker = worker;
        this.onBroken = onBroken;
    }

    void runOnWorker(Runnable task) {
        runElsewhereUnless(ask(() -> worker.schedule(task)), task);
    }

    /** As the worker was given back. */
    void runWithoutWorker(Runnable task) {
        runElsewhereUnless(ask(() -> scheduler.schedule(task)), task);
    }

    private static void runElsewhereUnless(boolean isTaken, Runnable task) {
        if (!isTaken) {
            Schedulers.parallel().schedule(task);
        }
    }

    /** Another worker takes the place of one that runs nothing. */
    void changeWorker() {
        Scheduler.Worker stuck = worker;
        ask(() -> {
            worker = scheduler.createWorker();
            stuck.dispose();
        });
    }

    void releaseWorker() {
        ask(worker::dispose);
    }

    long nowNanos() {
        if (!isBroken.get()) {
            try {
                return scheduler.now(TimeUnit.NANOSECONDS);
            } catch (Throwable thrown) {
                broken(thrown);
            }
        }
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    /** Whether it did what it was asked for. */
    private boolean ask(Runnable call) {
        if (isBroken.get()) {
            return false;
        }
        try {
            call.run();
            return true;
        } catch (RejectedExecutionException disposed) {
            return false;
        } catch (Throwable thrown) {
            // A thread that cannot be made is an OutOfMemoryError, and still of this handle alone.
            broken(thrown);
            return false;
        }
    }

    private void broken(Throwable thrown) {
        if (isBroken.compareAndSet(false, true)) {
            onBroken.accept(thrown);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import dev.totem.core.spi.NodeScheduler;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The scheduler that a handle was opened with, and its worker. It is the user's: it may be disposed at any time, throw anything,
 * and run a task where it is asked to. What it does not take runs elsewhere, as does what it would run on the loop, and after it
 * has thrown what it may not, it is not called again. Any thread.
 */
public final class LaneScheduler {

    private final Scheduler scheduler;
    private final Consumer<Throwable> onBroken;
    private final BooleanSupplier inLoop;
    private final Executor elsewhere;
    private final AtomicBoolean isBroken = new AtomicBoolean();
    private volatile Scheduler.Worker worker;

    /** Workers whose threads do not come back. */
    private final Queue<Scheduler.Worker> left = new ConcurrentLinkedQueue<>();

    /**
     * @param worker of the scheduler, in use until {@link #releaseWorker()}
     * @param loop on which no task runs
     * @param onBroken told once, by any thread, what the scheduler has thrown beside {@link RejectedExecutionException}
     */
    public LaneScheduler(
            Scheduler scheduler, Scheduler.Worker worker, NodeScheduler loop, Consumer<Throwable> onBroken) {
        this(scheduler, worker, loop::inLoop, task -> loop.scheduleElsewhere(Duration.ZERO, task), onBroken);
    }

    private LaneScheduler(
            Scheduler scheduler,
            Scheduler.Worker worker,
            BooleanSupplier inLoop,
            Executor elsewhere,
            Consumer<Throwable> onBroken) {
        this.scheduler = scheduler;
        this.worker = worker;
        this.inLoop = inLoop;
        this.elsewhere = elsewhere;
        this.onBroken = onBroken;
    }

    /** Of the node itself: no user waits for its signals, so they need no thread. */
    public static LaneScheduler ofTheNode() {
        Scheduler inPlace = Schedulers.immediate();
        return new LaneScheduler(inPlace, inPlace.createWorker(), () -> false, Runnable::run, thrown -> {});
    }

    void runOnWorker(Runnable task) {
        HandOver handOver = new HandOver(task);
        handOver.ends(ask(() -> worker.schedule(handOver)));
    }

    /** As the worker was given back. */
    void runWithoutWorker(Runnable task) {
        HandOver handOver = new HandOver(task);
        handOver.ends(ask(() -> scheduler.schedule(handOver)));
    }

    /** On a thread that nobody shares. */
    void runElsewhere(Runnable task) {
        elsewhere.execute(task);
    }

    /** A task that a scheduler was asked to run, and may run at once, as a pool that is full lets its callers do. */
    private final class HandOver implements Runnable {

        private final Runnable task;
        private final Thread asking = Thread.currentThread();

        /** The asking thread's. */
        private boolean isOver;

        private boolean isRefused;

        HandOver(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (Thread.currentThread() == asking && !isOver && inLoop.getAsBoolean()) {
                isRefused = true;
            } else {
                task.run();
            }
        }

        void ends(boolean isTaken) {
            isOver = true;
            if (!isTaken || isRefused) {
                runElsewhere(task);
            }
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

    /** The same, while the thread of the worker is in use: it is interrupted by nobody. */
    void leaveWorker() {
        Scheduler.Worker stuck = worker;
        ask(() -> {
            worker = scheduler.createWorker();
            left.add(stuck);
        });
    }

    /** All threads have come back. */
    void disposeLeft() {
        for (Scheduler.Worker next = left.poll(); next != null; next = left.poll()) {
            ask(next::dispose);
        }
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

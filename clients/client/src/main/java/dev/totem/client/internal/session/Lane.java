/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * The signals of one handle, one after another, in the order in which they were put here. Any thread.
 *
 * <p>They run in slices, so that others of the same thread have theirs; a scheduler that was disposed is done without.
 */
final class Lane {

    static final String WAITS_FOR_ITSELF =
            "this thread is in a callback of the same handle, and what it would block for is"
                    + " signalled after that callback has returned: compose instead of blocking (concatMap, flatMap, then), or move"
                    + " what blocks to another thread with publishOn";

    private static final int SLICE = 128;

    private final Scheduler.Worker worker;
    private final Queue<Runnable> signals =
            Queues.<Runnable>unboundedMultiproducer().get();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile @Nullable Thread runner;
    private volatile boolean isReleased;

    Lane(Scheduler scheduler) {
        this.worker = scheduler.createWorker();
    }

    void run(Runnable signal) {
        signals.offer(signal);
        if (waiting.getAndIncrement() == 0) {
            schedule();
        }
    }

    /** The worker is given back once everything has run; what comes later runs elsewhere. */
    void release() {
        run(() -> isReleased = true);
    }

    /** Whether a subscriber is about to block this thread until the lane has signalled it something. */
    boolean wouldWaitForItself(Object subscriber) {
        if (runner != Thread.currentThread()) {
            return false;
        }
        Scannable scanned = Scannable.from(subscriber);
        return Stream.concat(Stream.of(subscriber), scanned.isScanAvailable() ? scanned.actuals() : Stream.empty())
                .anyMatch(Lane::isToBlock);
    }

    private static boolean isToBlock(Object subscriber) {
        return subscriber instanceof CountDownLatch
                && Scannable.from(subscriber).scan(Scannable.Attr.PARENT) == null;
    }

    private void schedule() {
        if (!isReleased) {
            try {
                worker.schedule(this::drain);
                return;
            } catch (RejectedExecutionException disposed) {
                isReleased = true;
            }
        }
        Schedulers.parallel().schedule(this::drain);
    }

    private void drain() {
        runner = Thread.currentThread();
        int done = 0;
        while (done < SLICE) {
            Runnable signal = signals.poll();
            if (signal == null) {
                break;
            }
            done++;
            signal(signal);
        }
        runner = null;
        if (waiting.addAndGet(-done) > 0) {
            schedule();
        } else if (isReleased) {
            worker.dispose();
        }
    }

    private static void signal(Runnable signal) {
        try {
            signal.run();
        } catch (Throwable thrown) {
            Operators.onErrorDropped(thrown, Context.empty());
        }
    }
}

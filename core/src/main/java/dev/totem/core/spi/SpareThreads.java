/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Schedulers;

/**
 * Daemon threads for what has to be done although all threads that an application shares may be blocked: as many as are in use at
 * a time, up to 256, and none that has had nothing to do for some seconds. Any thread.
 */
final class SpareThreads {

    private static final int THREADS_MAX = 256;
    private static final int IDLE_SECONDS = 5;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final ThreadPoolExecutor POOL = new ThreadPoolExecutor(
            0,
            THREADS_MAX,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            SpareThreads::made,
            (task, full) -> Schedulers.parallel().schedule(task));

    private SpareThreads() {}

    private static Thread made(Runnable task) {
        Thread thread = new Thread(task, "totem-spare-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** Runs a task once, about so much later. */
    static void run(Duration delay, Runnable task) {
        if (delay.isZero()) {
            POOL.execute(task);
        } else {
            CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, POOL)
                    .execute(task);
        }
    }
}

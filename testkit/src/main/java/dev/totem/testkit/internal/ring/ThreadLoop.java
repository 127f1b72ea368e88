/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.ring;

import dev.totem.core.spi.NodeScheduler;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/** A node's loop on a thread of its own. Any thread. */
final class ThreadLoop implements NodeScheduler {

    private final long originNanos = System.nanoTime();
    private final long epochMillis;
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Executor executor;
    private volatile @Nullable Thread thread;

    /** @param epochMillis the wall-clock time at which it begins */
    ThreadLoop(String name, long epochMillis) {
        this.epochMillis = epochMillis;
        executor = new Executor(name);
    }

    @Override
    public long nowNanos() {
        return System.nanoTime() - originNanos;
    }

    @Override
    public long epochMillis() {
        return epochMillis + TimeUnit.NANOSECONDS.toMillis(nowNanos());
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public void whenEnded(Runnable task) {
        ended.asMono().subscribe(nothing -> {}, never -> {}, task);
    }

    @Override
    public Cancellation schedule(long deadlineNanos, Runnable task) {
        try {
            ScheduledFuture<?> scheduled =
                    executor.schedule(task, Math.max(0, deadlineNanos - nowNanos()), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException stopped) {
            return () -> {};
        }
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /** Runs nothing more; the thread ends as soon as the task that it is running has. */
    void stop() {
        executor.shutdownNow();
    }

    /** Waits until the thread has ended, for this long. */
    void join(long millis) throws InterruptedException {
        if (executor.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
            Thread ran = thread;
            if (ran != null) {
                ran.join(millis);
            }
        }
    }

    private final class Executor extends ScheduledThreadPoolExecutor {

        Executor(String name) {
            super(1, task -> {
                Thread made = new Thread(task, name);
                made.setDaemon(true);
                return made;
            });
            setRemoveOnCancelPolicy(true);
        }

        @Override
        protected void beforeExecute(Thread runs, Runnable task) {
            thread = runs;
        }

        @Override
        protected void terminated() {
            ended.tryEmitEmpty();
        }
    }
}

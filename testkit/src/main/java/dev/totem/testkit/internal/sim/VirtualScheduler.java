/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.spi.NodeScheduler.Cancellation;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler that runs tasks in the virtual time of the calling thread's simulation, and where there is none, on a real
 * one. Any thread.
 */
final class VirtualScheduler implements Scheduler {

    private static final ThreadLocal<Boolean> KEEPS_REAL = ThreadLocal.withInitial(() -> false);

    private final Supplier<Scheduler> maker;
    private volatile boolean isDisposed;
    private @Nullable Scheduler real;

    /** @param maker of the real one, asked when it is needed */
    VirtualScheduler(Supplier<Scheduler> maker) {
        this.maker = maker;
    }

    /** Runs something that disposes schedulers of the simulation: other threads may be using the real ones. */
    static void keepingReal(Runnable task) {
        KEEPS_REAL.set(true);
        try {
            task.run();
        } finally {
            KEEPS_REAL.remove();
        }
    }

    private synchronized Scheduler real() {
        if (real == null) {
            real = maker.get();
            real.init();
        }
        return real;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        VirtualTime time = usable();
        return time == null
                ? real().schedule(task, delay, unit)
                : new Task(task, 0).in(time, unit.toNanos(Math.max(0, delay)));
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        VirtualTime time = usable();
        return time == null
                ? real().schedulePeriodically(task, initialDelay, period, unit)
                : new Task(task, periodNanos(period, unit)).in(time, unit.toNanos(Math.max(0, initialDelay)));
    }

    @Override
    public long now(TimeUnit unit) {
        VirtualTime time = VirtualSchedulers.current();
        return time == null ? real().now(unit) : unit.convert(time.nowNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
        return usable() == null ? real().createWorker() : new VirtualWorker();
    }

    private @Nullable VirtualTime usable() {
        if (isDisposed) {
            throw Exceptions.failWithRejected();
        }
        return VirtualSchedulers.current();
    }

    @Override
    public synchronized void dispose() {
        if (!KEEPS_REAL.get()) {
            isDisposed = true;
            if (real != null) {
                real.dispose();
            }
        }
    }

    @Override
    public boolean isDisposed() {
        return isDisposed;
    }

    /** A period of nothing would stop the time. */
    private static long periodNanos(long period, TimeUnit unit) {
        return Math.max(1, unit.toNanos(period));
    }

    /** Runs once, or again and again. */
    private static final class Task implements Disposable {

        private final Runnable work;
        private final long periodNanos;
        private boolean isDisposed;
        private @Nullable Cancellation next;

        /** @param periodNanos 0 for once */
        Task(Runnable work, long periodNanos) {
            this.work = work;
            this.periodNanos = periodNanos;
        }

        Task in(VirtualTime time, long delayNanos) {
            next = time.after(delayNanos, () -> run(time));
            return this;
        }

        private void run(VirtualTime time) {
            if (isDisposed) {
                return;
            }
            if (periodNanos > 0) {
                in(time, periodNanos);
            } else {
                isDisposed = true;
            }
            work.run();
        }

        @Override
        public void dispose() {
            isDisposed = true;
            if (next != null) {
                next.cancel();
            }
        }

        @Override
        public boolean isDisposed() {
            return isDisposed;
        }
    }

    /** Tasks of one worker run in order, because all hops take the same time. */
    private static final class VirtualWorker implements Worker {

        private final Set<Disposable> tasks = new LinkedHashSet<>();
        private boolean isDisposed;

        @Override
        public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return begin(new Task(task, 0), delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return begin(new Task(task, periodNanos(period, unit)), initialDelay, unit);
        }

        private Disposable begin(Task task, long delay, TimeUnit unit) {
            VirtualTime time = VirtualSchedulers.current();
            if (isDisposed || time == null) {
                throw Exceptions.failWithRejected();
            }
            tasks.removeIf(Disposable::isDisposed);
            tasks.add(task);
            return task.in(time, unit.toNanos(Math.max(0, delay)));
        }

        @Override
        public void dispose() {
            isDisposed = true;
            tasks.forEach(Disposable::dispose);
            tasks.clear();
        }

        @Override
        public boolean isDisposed() {
            return isDisposed;
        }
    }
}

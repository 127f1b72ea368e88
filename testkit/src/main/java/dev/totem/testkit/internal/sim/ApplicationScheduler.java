/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A Reactor scheduler in the virtual time of one life: where the simulated user code runs. One thread. */
final class ApplicationScheduler implements Scheduler {

    private final SimLife life;

    ApplicationScheduler(SimLife life) {
        this.life = life;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Disposable.Swap handle = Disposables.swap();
        var cancellation = life.executeApplication(Math.max(0, unit.toNanos(delay)), () -> {
            if (!handle.isDisposed()) {
                handle.dispose();
                task.run();
            }
        });
        handle.update(cancellation::cancel);
        return handle;
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(life.trueNowNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
        return new SimWorker();
    }

    /** Tasks of one worker run in order, because all hops take the same time. */
    private final class SimWorker implements Worker {

        private final List<Disposable> waiting = new ArrayList<>();
        private boolean disposed;

        @Override
        public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            if (disposed) {
                throw reactor.core.Exceptions.failWithRejected();
            }
            waiting.removeIf(Disposable::isDisposed);
            Disposable handle = ApplicationScheduler.this.schedule(task, delay, unit);
            waiting.add(handle);
            return handle;
        }

        @Override
        public void dispose() {
            disposed = true;
            waiting.forEach(Disposable::dispose);
            waiting.clear();
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }
}

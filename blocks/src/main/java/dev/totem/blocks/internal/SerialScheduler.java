/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One worker of another scheduler, for all of a replica, by the clock of that scheduler. Any thread. */
final class SerialScheduler implements Scheduler {

    private final Scheduler parent;
    private final Scheduler single;

    SerialScheduler(Scheduler parent) {
        this.parent = parent;
        this.single = Schedulers.single(parent);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return single.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return single.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return single.schedulePeriodically(task, initialDelay, period, unit);
    }

    @Override
    public Worker createWorker() {
        return single.createWorker();
    }

    @Override
    public long now(TimeUnit unit) {
        return parent.now(unit);
    }

    @Override
    public void dispose() {
        single.dispose();
    }

    @Override
    public boolean isDisposed() {
        return single.isDisposed();
    }
}

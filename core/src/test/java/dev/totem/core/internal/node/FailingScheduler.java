/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A scheduler as a user may write it, which throws from one of its methods when it is told to. */
final class FailingScheduler implements Scheduler {

    /** The method that throws. */
    enum Call {
        SCHEDULE,
        NOW,
        DISPOSE
    }

    private final Call failing;
    private final Throwable thrown;
    volatile boolean isFailing;

    FailingScheduler(Call failing, Throwable thrown) {
        this.failing = failing;
        this.thrown = thrown;
    }

    private void reached(Call call) {
        if (isFailing && call == failing) {
            FailingScheduler.<RuntimeException>sneaky(thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Override
    public long now(TimeUnit unit) {
        reached(Call.NOW);
        return Schedulers.parallel().now(unit);
    }

    @Override
    public Disposable schedule(Runnable task) {
        reached(Call.SCHEDULE);
        return Schedulers.parallel().schedule(task);
    }

    @Override
    public Worker createWorker() {
        Worker worker = Schedulers.parallel().createWorker();
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                reached(Call.SCHEDULE);
                return worker.schedule(task);
            }

            @Override
            public void dispose() {
                reached(Call.DISPOSE);
                worker.dispose();
            }
        };
    }
}

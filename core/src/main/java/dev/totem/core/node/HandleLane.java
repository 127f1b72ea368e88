/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The one worker on which all signals of a handle run, one after another, so that a send completes after the handle's
 * subscribers that had asked for its delivery were given it. Any thread.
 *
 * <p>Given back when the handle and its last subscription have ended; what comes later runs elsewhere, never on the loop.
 */
final class HandleLane {

    private final Scheduler.Worker worker;
    private final AtomicInteger users = new AtomicInteger(1);

    /** @param worker in use by the handle until {@link #release()} */
    HandleLane(Scheduler.Worker worker) {
        this.worker = worker;
    }

    /** One user more; each must {@link #release()} once. */
    void retain() {
        users.incrementAndGet();
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            worker.dispose();
        }
    }

    void schedule(Runnable task) {
        try {
            worker.schedule(task);
        } catch (RejectedExecutionException givenBack) {
            Schedulers.parallel().schedule(task);
        }
    }
}

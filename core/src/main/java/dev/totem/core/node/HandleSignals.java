/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Emits the signals of a handle's Monos on the handle's scheduler, in order, one hand-over a batch. Any thread.
 *
 * <p>Bounded by the Monos under way: each has one signal.
 */
final class HandleSignals implements Runnable {

    private final Scheduler.Worker worker;
    private final Queue<Runnable> signals =
            Queues.<Runnable>unboundedMultiproducer().get();
    private final AtomicInteger work = new AtomicInteger();

    HandleSignals(Scheduler.Worker worker) {
        this.worker = worker;
    }

    void emit(Runnable signal) {
        add(signal);
        wake();
    }

    /** Queues a signal; {@link #wake} must follow. */
    void add(Runnable signal) {
        signals.offer(signal);
    }

    void wake() {
        if (work.getAndIncrement() == 0) {
            schedule();
        }
    }

    /** After the signals so far the worker is given back; later ones are emitted elsewhere than on the loop. */
    void release() {
        emit(worker::dispose);
    }

    @Override
    public void run() {
        int missed = work.get();
        while (missed != 0) {
            for (Runnable signal = signals.poll(); signal != null; signal = signals.poll()) {
                emitOne(signal);
            }
            missed = work.addAndGet(-missed);
        }
    }

    private static void emitOne(Runnable signal) {
        try {
            signal.run();
        } catch (RuntimeException thrownBySubscriber) {
            Operators.onErrorDropped(thrownBySubscriber, Context.empty());
        }
    }

    private void schedule() {
        try {
            worker.schedule(this);
        } catch (RejectedExecutionException disposed) {
            Schedulers.parallel().schedule(this);
        }
    }
}

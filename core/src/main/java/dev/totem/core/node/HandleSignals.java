/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Emits the signals of a handle's Monos on the handle's lane, in order, one hand-over a batch. Any thread.
 *
 * <p>Bounded by the Monos under way: each has one signal.
 */
final class HandleSignals implements Runnable {

    private final HandleLane lane;
    private final Queue<Runnable> signals =
            Queues.<Runnable>unboundedMultiproducer().get();
    private final AtomicInteger work = new AtomicInteger();

    HandleSignals(HandleLane lane) {
        this.lane = lane;
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
            lane.schedule(this);
        }
    }

    /** After the signals so far the handle needs its lane no more. */
    void release() {
        emit(lane::release);
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
}

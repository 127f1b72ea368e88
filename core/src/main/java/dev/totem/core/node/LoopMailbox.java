/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.spi.NodeScheduler;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.util.concurrent.Queues;

/**
 * Hands work from any thread to the loop, in order, with one wake-up a burst. Any thread.
 *
 * <p>Bounded by the calls under way: each has one task.
 */
final class LoopMailbox {

    private final NodeScheduler scheduler;
    private final Batches batches;
    private final Queue<Runnable> tasks =
            Queues.<Runnable>unboundedMultiproducer().get();
    private final AtomicInteger work = new AtomicInteger();

    /** What frames the work of the loop. */
    interface Batches {

        /** Runs work as one batch, and carries out what follows from it. */
        void batch(Runnable work);

        /** The scheduler runs nothing any more; called in place of the loop. */
        void abandoned();
    }

    LoopMailbox(NodeScheduler scheduler, Batches batches) {
        this.scheduler = scheduler;
        this.batches = batches;
    }

    /** Runs a task on the loop: at once if this is the loop, else soon. */
    void submit(Runnable task) {
        tasks.offer(task);
        if (work.getAndIncrement() == 0) {
            if (scheduler.inLoop()) {
                drain();
            } else {
                wake();
            }
        }
    }

    private void wake() {
        try {
            scheduler.execute(this::drain);
        } catch (RejectedExecutionException gone) {
            batches.abandoned();
            drain();
        }
    }

    /** Runs what was there at its beginning, so that a flood of calls leaves the protocol its turn. */
    private void drain() {
        int found = work.get();
        batches.batch(() -> {
            for (int i = 0; i < found; i++) {
                Runnable task = tasks.poll();
                if (task != null) {
                    task.run();
                }
            }
        });
        if (work.addAndGet(-found) != 0) {
            wake();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import dev.totem.core.ProtocolFailureException;
import dev.totem.core.spi.NodeScheduler;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Hands work from any thread to the loop, in order, with one wake-up a burst. Any thread.
 *
 * <p>Bounded by the calls under way: each has one task.
 */
public final class LoopMailbox {

    private final NodeScheduler scheduler;
    private final Batches batches;
    private final Queue<Runnable> tasks =
            Queues.<Runnable>unboundedMultiproducer().get();
    private final AtomicInteger work = new AtomicInteger();

    /** The loop was asked to drain and has not begun. */
    private final AtomicBoolean isHandedOver = new AtomicBoolean();

    /** What frames the work of the loop. */
    public interface Batches {

        /** Runs work as one batch, and carries out what follows from it. */
        void batch(Runnable work);

        /** The scheduler runs nothing any more; called in place of the loop. */
        void abandoned();
    }

    /**
     * A task that serves one call of a user. Should it throw, that call has failed and the node goes on, unless it was an
     * invariant of the protocol that did not hold.
     */
    public interface Call extends Runnable {

        void serve();

        void failed(RuntimeException thrown);

        @Override
        default void run() {
            try {
                serve();
            } catch (ProtocolFailureException broken) {
                throw broken;
            } catch (RuntimeException thrown) {
                tell(this, thrown);
            }
        }
    }

    public LoopMailbox(NodeScheduler scheduler, Batches batches) {
        this.scheduler = scheduler;
        this.batches = batches;
    }

    /** Of the loop. */
    public NodeScheduler scheduler() {
        return scheduler;
    }

    /** Runs a task on the loop: at once if this is the loop, else soon. */
    public void submit(Runnable task) {
        tasks.offer(task);
        if (work.getAndIncrement() == 0) {
            if (scheduler.inLoop()) {
                drain();
            } else {
                wake();
            }
        }
    }

    /** Runs a task on the loop, soon, and not amid what the loop does now. */
    public void submitLater(Runnable task) {
        tasks.offer(task);
        if (work.getAndIncrement() == 0) {
            wake();
        }
    }

    /** Runs a task that serves one call of a user, who is told if it throws: {@link Call}. */
    public void serve(Runnable task, Consumer<RuntimeException> failed) {
        submit(new Call() {
            @Override
            public void serve() {
                task.run();
            }

            @Override
            public void failed(RuntimeException thrown) {
                failed.accept(thrown);
            }
        });
    }

    private static void tell(Call call, RuntimeException thrown) {
        try {
            call.failed(thrown);
        } catch (RuntimeException ofTheCaller) {
            ofTheCaller.addSuppressed(thrown);
            Operators.onErrorDropped(ofTheCaller, Context.empty());
        }
    }

    /** Any thread: the loop has ended; what it has left undone is done here, and what comes later by who brings it. */
    public void loopEnded() {
        tasks.offer(() -> {});
        if (work.getAndIncrement() == 0) {
            // Also where the loop's own thread says so, which is no loop any more.
            isHandedOver.set(true);
        }
        takeOver();
    }

    private void wake() {
        isHandedOver.set(true);
        try {
            scheduler.execute(this::drainHandedOver);
        } catch (RejectedExecutionException ended) {
            takeOver();
        }
    }

    private void drainHandedOver() {
        if (isHandedOver.compareAndSet(true, false)) {
            drain();
        }
    }

    private void takeOver() {
        if (isHandedOver.compareAndSet(true, false)) {
            batches.abandoned();
            drain();
        }
    }

    /** Runs what was there at its beginning, so that a flood of calls leaves the protocol its turn. */
    private void drain() {
        int found = work.get();
        int[] taken = {0};
        batches.batch(() -> {
            while (taken[0] < found) {
                taken[0]++;
                Runnable task = tasks.poll();
                if (task != null) {
                    task.run();
                }
            }
        });
        // A task that fails ends its batch; those behind it have their turn all the same.
        if (work.addAndGet(-taken[0]) != 0) {
            wake();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import java.time.Duration;

/** The one serial loop of a node, its clock and its timer. Any thread. */
public interface NodeScheduler {

    /** Monotonic time, nanoseconds, of arbitrary origin; never wraps during a process life. */
    long nowNanos();

    /** Wall-clock time, milliseconds since 1970; only to tell lives of a node, and their first rings, apart. */
    long epochMillis();

    /**
     * Runs a task on the loop, after what is queued there and after the I/O that is ready now; in order of the calls.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop has ended
     */
    void execute(Runnable task);

    /**
     * Runs a task once when the loop has ended and runs nothing any more, on whatever thread; at once if it has. A loop that
     * lives as long as its process need not know it.
     */
    default void whenEnded(Runnable task) {}

    /** Runs a task on the loop when {@link #nowNanos()} has reached the deadline, or soon after; never if the loop ends before. */
    Cancellation schedule(long deadlineNanos, Runnable task);

    /**
     * Runs a task once, about so much later, on a thread that neither the loop nor a user blocks, also when the loop has ended by
     * then.
     */
    default void scheduleElsewhere(Duration delay, Runnable task) {
        SpareThreads.run(delay, task);
    }

    /** Whether the calling thread is the loop. */
    boolean inLoop();

    /** Takes a scheduled task back; on the loop the task then does not run. */
    @FunctionalInterface
    interface Cancellation {
        void cancel();
    }
}

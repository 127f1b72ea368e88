/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a link that may block: names and interfaces are looked up on them. Daemons that belong to the link alone, so
 * that nothing its users do can hold them up. Any thread.
 */
final class LookOut {

    private static final int THREADS_MAX = 16;

    private final ScheduledExecutorService threads;

    /** @param tasksMax what is looked up at the same time: a name that takes long does not delay the others */
    LookOut(NodeId self, int tasksMax) {
        threads = Executors.newScheduledThreadPool(Math.max(1, Math.min(THREADS_MAX, tasksMax)), task -> {
            Thread made = new Thread(task, "totem-" + self + "-look-out");
            made.setDaemon(true);
            return made;
        });
    }

    /** Looks once, soon. */
    void look(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException closed) {
            // Nobody needs the answer any more.
        }
    }

    /** Looks at once, and again and again with this pause between. */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the threads
    void lookEvery(Duration pause, Runnable task) {
        threads.scheduleWithFixedDelay(task, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the threads; what it is about to look up is of no use any more. */
    void close() {
        threads.shutdownNow();
    }
}

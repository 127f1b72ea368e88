/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One daemon thread for calls that block, of files and names: no task of the application is in its way, as on a scheduler
 * that all share. Runs tasks in order. The thread ends when it has had nothing to do for some seconds, and comes back when
 * there is something, so nothing needs to be closed. Any thread.
 */
public final class SideThread implements Executor {

    private static final int IDLE_SECONDS = 5;

    /** Far more than wait at one time: what is beyond would wait for a disc or a name server that does not answer. */
    private static final int TASKS_MAX = 1_024;

    private final ThreadPoolExecutor executor;

    /** @param name of the thread */
    public SideThread(String name) {
        executor = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(TASKS_MAX), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** @throws java.util.concurrent.RejectedExecutionException if too many tasks wait */
    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }
}

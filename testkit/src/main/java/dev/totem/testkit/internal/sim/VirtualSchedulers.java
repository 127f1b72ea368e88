/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Reactor's own schedulers, in virtual time on the threads that simulate and in real time on all others: what a program
 * leaves to {@code Schedulers.parallel()}, timers above all, repeats with the seed. Any thread.
 *
 * <p>Static, because what it replaces is: from the first simulation that runs to the end of the last.
 */
final class VirtualSchedulers {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.testkit");

    private static final ThreadLocal<@Nullable VirtualTime> CURRENT = new ThreadLocal<>();

    private static int simulations;
    private static boolean isHooked;
    private static Schedulers.@Nullable Snapshot before;

    private VirtualSchedulers() {}

    /** The time of the simulation that runs on this thread; null if none does. */
    static @Nullable VirtualTime current() {
        return CURRENT.get();
    }

    /** A simulation begins on this thread. */
    static void enter(VirtualTime time) {
        if (CURRENT.get() != null) {
            throw new IllegalStateException("a simulation runs on this thread already");
        }
        install();
        CURRENT.set(time);
    }

    /** It is over. */
    static void exit() {
        CURRENT.remove();
        uninstall();
    }

    private static synchronized void install() {
        if (simulations++ == 0) {
            before = Schedulers.setFactoryWithSnapshot(new Factory());
        }
        if (!isHooked) {
            // Neither can be taken back for itself alone; on other threads they change nothing.
            isHooked = true;
            Schedulers.registerNonBlockingThreadPredicate(VirtualSchedulers::isSimulating);
            Hooks.onErrorDropped(VirtualSchedulers::dropped);
        }
    }

    private static synchronized void uninstall() {
        if (--simulations == 0) {
            VirtualScheduler.keepingReal(() -> Schedulers.resetFrom(before));
            before = null;
        }
    }

    /** There {@code block()} would wait for ever, because time stands still meanwhile. */
    private static boolean isSimulating(Thread thread) {
        return thread == Thread.currentThread() && CURRENT.get() != null;
    }

    private static void dropped(Throwable error) {
        VirtualTime time = CURRENT.get();
        if (time == null) {
            LOG.error("an error that no subscriber handled", error);
        } else {
            time.dropped(error);
        }
    }

    private static final class Factory implements Schedulers.Factory {

        @Override
        public Scheduler newParallel(int parallelism, ThreadFactory threads) {
            return new VirtualScheduler(() -> Schedulers.Factory.super.newParallel(parallelism, threads));
        }

        @Override
        public Scheduler newSingle(ThreadFactory threads) {
            return new VirtualScheduler(() -> Schedulers.Factory.super.newSingle(threads));
        }

        @Override
        public Scheduler newBoundedElastic(int threadCap, int queuedTasksCap, ThreadFactory threads, int ttlSeconds) {
            return new VirtualScheduler(
                    () -> Schedulers.Factory.super.newBoundedElastic(threadCap, queuedTasksCap, threads, ttlSeconds));
        }

        @Override
        public Scheduler newThreadPerTaskBoundedElastic(int threadCap, int queuedTasksCap, ThreadFactory threads) {
            return new VirtualScheduler(
                    () -> Schedulers.Factory.super.newThreadPerTaskBoundedElastic(threadCap, queuedTasksCap, threads));
        }
    }
}

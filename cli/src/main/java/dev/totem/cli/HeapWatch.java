/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends a process whose heap is full and stays so. Nobody else can: what ends in order needs some memory, and so does the thread
 * that the JVM makes for a signal.
 */
final class HeapWatch {

    /** Somewhat more than the JVM needs to run anything. */
    private static final int PROBE_BYTES = 64 << 10;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A node that ends because of it frees what it has between the first and the last. */
    private static final int FULL_TIMES = 3;

    private final Runnable whenFull;

    /** Written so that the compiler does not leave it out. */
    @SuppressWarnings("UnusedVariable")
    private volatile byte @Nullable [] probe;

    private HeapWatch(Runnable whenFull) {
        this.whenFull = whenFull;
    }

    /** @param whenFull runs on a thread that exists already; it must not need memory */
    static void start(Runnable whenFull) {
        Thread thread = new Thread(new HeapWatch(whenFull)::watch, "totem-heap");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        int full = 0;
        while (full < FULL_TIMES) {
            LockSupport.parkNanos(PAUSE_NANOS);
            full = hasRoom() ? 0 : full + 1;
        }
        whenFull.run();
    }

    /** The JVM collects what is free before it says that there is none. */
    private boolean hasRoom() {
        try {
            probe = new byte[PROBE_BYTES];
            probe = null;
            return true;
        } catch (OutOfMemoryError full) {
            return false;
        }
    }
}

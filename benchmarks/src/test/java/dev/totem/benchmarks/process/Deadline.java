/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Moments in time, for tests that wait for events. Any thread. */
final class Deadline {

    private final long atNanos;

    private Deadline(long atNanos) {
        this.atNanos = atNanos;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    long millisLeft() {
        return Math.max(0, (atNanos - System.nanoTime() + 999_999) / 1_000_000);
    }

    /** Something to be done at a later time: a fault that ends, a window that closes. Completes when it was done. */
    static CompletableFuture<Void> after(Duration time, Runnable task) {
        Executor later = CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(task, later);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Watches for how long nothing runs in this JVM, on a thread that wants to run each millisecond. Any thread. */
final class PauseWatch {

    private static final long STEP_NANOS = 1_000_000;

    private final Duration time;
    private final CompletableFuture<Long> longest = new CompletableFuture<>();

    private PauseWatch(Duration time) {
        this.time = time;
    }

    static PauseWatch start(Duration time) {
        PauseWatch watch = new PauseWatch(time);
        Thread thread = new Thread(watch::run, "totem-pauses");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private void run() {
        long last = System.nanoTime();
        long end = last + time.toNanos();
        long most = 0;
        while (last < end) {
            LockSupport.parkNanos(STEP_NANOS);
            long now = System.nanoTime();
            most = Math.max(most, now - last - STEP_NANOS);
            last = now;
        }
        longest.complete(most);
    }

    /** Waits until it has been watched for long enough. */
    Finding finding(Duration token) {
        long millis = longest.join() / STEP_NANOS;
        String text = "the longest pause of this JVM in " + time.toSeconds() + " s was " + millis + " ms, token is "
                + token.toMillis() + " ms";
        String remedy = "give it more processors or heap, or raise token";
        if (millis > token.toMillis()) {
            return Finding.bad("pauses", text + ": others would go on without it", remedy);
        }
        return millis > token.toMillis() / 4 ? Finding.warn("pauses", text, remedy) : Finding.ok("pauses", text);
    }
}

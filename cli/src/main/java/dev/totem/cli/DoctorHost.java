/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemException;
import dev.totem.security.KeyRing;
import dev.totem.security.KeySource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The checks of what a node needs of its host beside the network. Any thread; they block. */
final class DoctorHost {

    private static final int RANDOM_BYTES = 32;
    private static final double LOAD_MAX = 1.5;

    private DoctorHost() {}

    /** Whether the keys can be read and are safe; their fingerprint is the same at all nodes. */
    static Finding key(KeySource source) {
        try {
            KeyRing ring = source.read().toCompletableFuture().join();
            return Finding.ok("key", "fingerprint " + ring.fingerprint() + ", to be the same at all nodes; " + ring);
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            return Finding.bad(
                    "key",
                    cause instanceof TotemException ? String.valueOf(cause.getMessage()) : String.valueOf(cause),
                    "");
        }
    }

    /** Whether ring numbers can be kept. */
    static Finding state(Path directory) {
        Path existing = directory.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            return Finding.bad(
                    "state",
                    directory + " cannot be written" + (existing == null ? "" : ", because of " + existing),
                    "name with --state-dir a folder that this user may write");
        }
        return Finding.ok("state", directory + " can be written");
    }

    /** Whether the heap has room for what the node may hold. */
    static Finding memory(TotemConfig config, long heapBytes) {
        long wanted = config.get(Settings.MEMORY);
        boolean isTooMuch = config.isSet(Settings.MEMORY) && wanted > heapBytes / 2;
        String text = "memory is " + wanted + " bytes, the heap of this JVM " + heapBytes;
        return isTooMuch
                ? Finding.bad("memory", text + ": more than half is refused", "lower memory, or raise -Xmx")
                : Finding.ok("memory", text);
    }

    /** Whether keys of a life can be made in time. */
    static Finding entropy(Duration limit) {
        CompletableFuture<Long> made = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    long before = System.nanoTime();
                    new SecureRandom().nextBytes(new byte[RANDOM_BYTES]);
                    made.complete(System.nanoTime() - before);
                },
                "totem-entropy");
        thread.setDaemon(true);
        thread.start();
        try {
            long nanos = made.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return Finding.ok("entropy", RANDOM_BYTES + " random bytes in " + nanos / 1_000 + " us");
        } catch (TimeoutException late) {
            return Finding.bad(
                    "entropy",
                    "no random bytes in " + limit.toMillis() + " ms",
                    "look at -Djava.security.egd and the entropy of the host: a node would hang at its start");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Finding.bad("entropy", "interrupted", "");
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Runnable threads a processor, on average over a minute; empty where the system does not tell. */
    static OptionalDouble load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(load / Runtime.getRuntime().availableProcessors());
    }

    /**
     * Whether a node gets a processor when it needs one.
     *
     * @param cgroup the folder of the control group that this process is in
     * @param load runnable threads a processor
     */
    static Finding processors(int processors, Path cgroup, OptionalDouble load) {
        String text = processors + (processors == 1 ? " processor" : " processors");
        String quota = first(cgroup.resolve("cpu.max"));
        if (!quota.isEmpty() && !quota.startsWith("max")) {
            String[] parts = quota.split(" ", -1);
            double share = Double.parseDouble(parts[0]) / Double.parseDouble(parts[1]);
            text += String.format(Locale.ROOT, ", a quota of %.2f", share);
            long throttled = throttled(cgroup.resolve("cpu.stat"));
            if (share < 1 || throttled > 0) {
                return Finding.warn(
                        "processors",
                        text + ", stopped by it in " + throttled + " periods",
                        "raise the limit or take it away: while the quota is used up the node stands still");
            }
        }
        if (processors == 1) {
            return Finding.warn(
                    "processors", text, "give it two: the node's thread and the collector's share this one");
        }
        if (load.isPresent() && load.getAsDouble() > LOAD_MAX) {
            return Finding.warn(
                    "processors",
                    text + String.format(Locale.ROOT, ", and %.1f threads want each", load.getAsDouble()),
                    "take load from this host, or give the node's threads priority");
        }
        return Finding.ok("processors", text);
    }

    private static long throttled(Path statistics) {
        try {
            return Files.readAllLines(statistics).stream()
                    .filter(line -> line.startsWith("nr_throttled "))
                    .mapToLong(line -> Long.parseLong(line.substring("nr_throttled ".length())))
                    .sum();
        } catch (IOException none) {
            return 0;
        }
    }

    private static String first(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException none) {
            return "";
        }
    }
}

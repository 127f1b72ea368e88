/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Real-time scheduling for threads of a running process, by {@code chrt(1)}: Linux, root. Any thread. */
final class RealTime {

    /** SCHED_FIFO, from 1 to 99; above all that has none. */
    private static final String PRIORITY = "10";

    private RealTime() {}

    /**
     * Gives it to the threads there are whose names begin like this.
     *
     * @throws IOException if the system refuses it, or there are none yet
     */
    static void give(long pid, String names) throws IOException, InterruptedException {
        boolean isAnyThere = false;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), "task"))) {
            for (Path thread : threads) {
                if (nameOf(thread).startsWith(names)) {
                    isAnyThere = true;
                    chrt(thread.getFileName().toString());
                }
            }
        }
        if (!isAnyThere) {
            throw new IOException("no thread of process " + pid + " has a name that begins with " + names
                    + " yet: take a longer --warmup");
        }
    }

    private static String nameOf(Path thread) throws IOException {
        try {
            return Files.readString(thread.resolve("comm"));
        } catch (NoSuchFileException ended) {
            return "";
        }
    }

    private static void chrt(String thread) throws IOException, InterruptedException {
        Process chrt = started(new ProcessBuilder("chrt", "--fifo", "--pid", PRIORITY, thread));
        String said = new String(chrt.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!chrt.waitFor(1, TimeUnit.MINUTES) || chrt.exitValue() != 0) {
            throw new IOException("chrt: " + said.strip());
        }
    }

    private static Process started(ProcessBuilder chrt) throws IOException {
        try {
            return chrt.redirectErrorStream(true).start();
        } catch (IOException absent) {
            throw new IOException("real-time scheduling needs chrt: install the package util-linux", absent);
        }
    }
}

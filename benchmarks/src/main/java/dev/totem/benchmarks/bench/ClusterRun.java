/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.benchmarks.load.LoadReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts the processes of a run, waits for their reports and leaves none behind. One thread, but for {@link #close}. */
final class ClusterRun implements AutoCloseable {

    /** To start, to form a cluster, to drain and to end, besides warm-up and window. */
    private static final Duration OVERHEAD_MAX = Duration.ofSeconds(90);

    /** And for each node: many processes share few processors. */
    private static final Duration OVERHEAD_A_NODE = Duration.ofSeconds(5);

    private static final Duration STOPS = Duration.ofSeconds(3);
    private static final double REAL_TIME_OF_WARMUP = 0.8;
    private static final int LOOK_MILLIS = 50;
    private static final int REASON_CHARS_MAX = 200;

    private final ObjectMapper json = new ObjectMapper();
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private boolean closed;

    /** @param folder for what the processes write, empty */
    Outcome run(Contestant contestant, RunSpec work, Site site, Path folder) throws InterruptedException {
        try {
            List<List<String>> commands = contestant.commands(work, site, folder);
            List<Process> processes = new ArrayList<>();
            for (int node = 1; node <= commands.size(); node++) {
                processes.add(start(commands.get(node - 1), output(folder, node), complaints(folder, node)));
            }
            awaitEnd(processes, folder, work, contestant.realTimeThreads());
            List<LoadReport> reports = new ArrayList<>();
            for (int node = 1; node <= processes.size(); node++) {
                reports.add(report(node, folder, processes.get(node - 1).exitValue()));
            }
            return Outcome.of(reports, work.seconds());
        } catch (IOException failed) {
            return Outcome.failed(shortened(String.valueOf(failed.getMessage())));
        } finally {
            stop();
        }
    }

    private synchronized Process start(List<String> words, Path output, Path complaints) throws IOException {
        if (closed) {
            throw new IOException("interrupted");
        }
        Process process = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile())
                .redirectError(complaints.toFile())
                .start();
        running.add(process);
        return process;
    }

    /** Until all have ended well, or one has not. When all threads are there, and long before the window, some become real-time. */
    private static void awaitEnd(List<Process> processes, Path folder, RunSpec work, String realTimeThreads)
            throws IOException, InterruptedException {
        long realTimeNanos = System.nanoTime() + Math.round(work.warmup() * 1e9 * REAL_TIME_OF_WARMUP);
        boolean isRealTimeDue = !realTimeThreads.isEmpty();
        Duration overhead = OVERHEAD_MAX.plus(OVERHEAD_A_NODE.multipliedBy(processes.size()));
        long millisMax = Math.round((work.warmup() + work.seconds()) * 1_000) + overhead.toMillis();
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
        List<Process> left = new ArrayList<>(processes);
        while (!left.isEmpty()) {
            left.get(0).waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            for (int node = 1; node <= processes.size(); node++) {
                Process process = processes.get(node - 1);
                if (!process.isAlive() && process.exitValue() != 0) {
                    throw new IOException(reason(node, folder, process.exitValue()));
                }
            }
            left.removeIf(process -> !process.isAlive());
            if (isRealTimeDue && System.nanoTime() > realTimeNanos) {
                isRealTimeDue = false;
                for (Process process : left) {
                    RealTime.give(process.pid(), realTimeThreads);
                }
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException(
                        "no result after " + millisMax / 1_000 + " s: " + lastLine(complaints(folder, 1)));
            }
        }
    }

    private LoadReport report(int node, Path folder, int status) throws IOException {
        String line = lastLine(output(folder, node));
        if (status != 0 || line.isEmpty()) {
            throw new IOException(reason(node, folder, status));
        }
        try {
            return json.readValue(line, LoadReport.class);
        } catch (JsonProcessingException garbled) {
            throw new IOException("node " + node + " reported '" + line + "'", garbled);
        }
    }

    private static String reason(int node, Path folder, int status) {
        return "node " + node + " ended with status " + status + ": " + lastLine(complaints(folder, node));
    }

    /** But for the frames of a stack trace. */
    private static String lastLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
                    .reduce((first, second) -> second)
                    .orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static String shortened(String text) {
        return text.length() <= REASON_CHARS_MAX ? text : text.substring(0, REASON_CHARS_MAX) + " …";
    }

    private static Path output(Path folder, int node) {
        return folder.resolve("node-" + node + ".out");
    }

    private static Path complaints(Path folder, int node) {
        return folder.resolve("node-" + node + ".err");
    }

    /** Ends what still runs; no process is started any more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        stop();
    }

    private void stop() {
        running.forEach(Process::destroy);
        for (Process process : running) {
            try {
                if (!process.waitFor(STOPS.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException interrupted) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        running.clear();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.consumers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A shell that is typed into, and whose output is read, as a person does. One thread. */
final class Shell implements AutoCloseable {

    private static final int MINUTES_MAX = 5;
    private static final String DONE = "status of that: ";

    private final Process bash;
    private final BufferedWriter input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    Shell(Path directory, Map<String, String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("bash").directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        bash = builder.start();
        input = bash.outputWriter(UTF_8);
        Thread reader = new Thread(this::read, "reader of " + bash.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader output = bash.inputReader(UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException ended) {
            lines.add("ended: " + ended);
        }
    }

    /** Types a command, and waits until the shell takes the next one. */
    void run(String command) throws IOException, InterruptedException {
        input.write(command + "\necho '" + DONE + "'$?\n");
        input.flush();
        String done = await(DONE);
        if (!done.endsWith(DONE + "0")) {
            throw new AssertionError(command + " failed:\n" + String.join("\n", seen));
        }
    }

    /** The next line that has this in it. */
    String await(String part) throws InterruptedException {
        long untilNanos = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES_MAX);
        while (true) {
            String line = lines.poll(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new AssertionError(
                        "no '" + part + "' in " + MINUTES_MAX + " minutes:\n" + String.join("\n", seen));
            }
            seen.add(line);
            if (line.contains(part)) {
                return line;
            }
        }
    }

    /** Ends it and what it has started. */
    @Override
    public void close() {
        bash.descendants().forEach(ProcessHandle::destroyForcibly);
        bash.destroyForcibly();
    }
}

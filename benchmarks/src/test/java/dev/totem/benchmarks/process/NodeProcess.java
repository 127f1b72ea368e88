/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.totem.core.NodeStats;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** One life of a {@code totem node --json} process: what it is told, what it says, how it ends. Any thread. */
final class NodeProcess {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final int id;
    private final Path logFile;
    private final Path errFile;
    private final Process process;
    private final Writer stdin;
    private final Writer copy;
    private final NodeLog log = new NodeLog();
    private final Thread reader;

    /** @param command how to run {@code totem node --json …} */
    NodeProcess(int id, List<String> command, Path logFile) throws IOException {
        this.id = id;
        this.logFile = logFile;
        this.errFile = Path.of(logFile + ".err");
        this.copy = Files.newBufferedWriter(logFile);
        this.process =
                new ProcessBuilder(command).redirectError(errFile.toFile()).start();
        this.stdin = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.reader = new Thread(this::read, "out-of-" + id);
        reader.setDaemon(true);
        reader.start();
    }

    int id() {
        return id;
    }

    long pid() {
        return process.pid();
    }

    Path logFile() {
        return logFile;
    }

    String stderr() throws IOException {
        return Files.readString(errFile);
    }

    /** From now on the log file holds what was seen so far, save perhaps the end of its last line. */
    void flush() throws IOException {
        copy.flush();
    }

    /** Reads the state that the process has printed so far. */
    synchronized <T> T see(Function<NodeLog, T> view) {
        return view.apply(log);
    }

    List<NodeLog.Delivered> delivered() {
        return see(log -> List.copyOf(log.delivered));
    }

    List<NodeLog.Config> configs() {
        return see(log -> List.copyOf(log.configs));
    }

    /** The configurations after so many others. */
    List<NodeLog.Config> configsAfter(int count) {
        List<NodeLog.Config> all = configs();
        return all.subList(count, all.size());
    }

    List<JsonNode> errors() {
        return see(log -> List.copyOf(log.errors));
    }

    List<String> failedTags() {
        return see(log -> List.copyOf(log.failed));
    }

    /** The kinds of its first events. */
    List<String> firstEvents() {
        return see(log -> List.copyOf(log.kinds));
    }

    /** Waits until what was printed fulfils the predicate; fails the test with what was awaited. */
    void await(String what, Duration time, Predicate<NodeLog> holds) throws InterruptedException {
        Deadline deadline = Deadline.in(time);
        synchronized (this) {
            while (!holds.test(log)) {
                long left = deadline.millisLeft();
                if (left == 0 || log.closed) {
                    throw new AssertionError("node " + id + (log.closed ? " ended without: " : " within " + time + ": ")
                            + what + "; it has " + log.delivered.size() + " deliveries, " + log.sent.size()
                            + " sent, configurations " + log.configs);
                }
                wait(left);
            }
        }
    }

    void tell(String line) {
        try {
            synchronized (stdin) {
                stdin.write(line);
                stdin.write('\n');
                stdin.flush();
            }
        } catch (IOException gone) {
            throw new UncheckedIOException("node " + id, gone);
        }
    }

    void send(String tag, byte[] data, String guarantee) {
        ObjectNode command = JSON.createObjectNode()
                .put("op", "send")
                .put("tag", tag)
                .put("data", data)
                .put("guarantee", guarantee);
        tell(command.toString());
    }

    /** Asks for its counters and gauges, and waits for them. */
    NodeStats stats(Duration time) throws InterruptedException {
        int before = see(log -> log.stats.size());
        tell("{\"op\":\"stats\"}");
        await("stats", time, log -> log.stats.size() > before);
        JsonNode answer = see(log -> log.stats.get(log.stats.size() - 1));
        Map<String, Long> values = new TreeMap<>();
        answer.properties().forEach(field -> {
            if (field.getValue().isNumber()) {
                values.put(field.getKey(), field.getValue().asLong());
            }
        });
        return NodeStats.named(values);
    }

    /** Ends its stdin. */
    void endInput() throws IOException {
        stdin.close();
    }

    /** {@code kill -9}, and the end of its output. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        finished();
    }

    /** Sends a signal by name. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).as("kill -" + name).isZero();
    }

    /** Asks it to quit and checks that it does so in order. */
    void quit() throws InterruptedException, IOException {
        tell("{\"op\":\"quit\"}");
        assertThat(process.waitFor(7, TimeUnit.SECONDS))
                .as("node " + id + " ends after quit")
                .isTrue();
        assertThat(process.exitValue())
                .as("status of node " + id + ", stderr: " + stderr())
                .isZero();
        finished();
    }

    int waitFor(Duration time) throws InterruptedException {
        assertThat(process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS))
                .as("node " + id + " ends")
                .isTrue();
        finished();
        return process.exitValue();
    }

    void destroy() {
        process.destroyForcibly();
    }

    private void finished() throws InterruptedException {
        process.waitFor();
        reader.join();
    }

    private void read() {
        try (copy;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                copy.write(line);
                // A killed process leaves half a line, and so does this copy of what it said.
                if (add(line)) {
                    copy.write('\n');
                }
            }
        } catch (IOException gone) {
            // the process was killed
        } finally {
            synchronized (this) {
                log.closed = true;
                notifyAll();
            }
        }
    }

    /** Whether the line was a whole one. */
    private boolean add(String line) throws IOException {
        JsonNode event;
        try {
            event = JSON.readTree(line);
        } catch (IOException half) {
            return false;
        }
        synchronized (this) {
            log.add(event);
            notifyAll();
        }
        return true;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** One life of a {@code totem blocks --json} process. Any thread. */
final class BlocksProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final int id;
    private final Path errFile;
    private final Process process;
    private final Writer stdin;
    private final Predicate<JsonNode> taker;
    private final List<JsonNode> events = new ArrayList<>();
    private int tags;
    private boolean isOver;

    BlocksProcess(int id, List<String> command, Path errFile) throws IOException {
        this(id, command, errFile, event -> false);
    }

    /** @param taker is given each event first, on the thread that reads; what it takes is not kept */
    BlocksProcess(int id, List<String> command, Path errFile, Predicate<JsonNode> taker) throws IOException {
        this.id = id;
        this.taker = taker;
        this.errFile = errFile;
        this.process =
                new ProcessBuilder(command).redirectError(errFile.toFile()).start();
        this.stdin = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread reader = new Thread(this::read, "out-of-" + id);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode event = JSON.readTree(line);
                if (taker.test(event)) {
                    continue;
                }
                synchronized (this) {
                    events.add(event);
                    notifyAll();
                }
            }
        } catch (IOException killed) {
            // Half a line is all that is missing.
        } finally {
            synchronized (this) {
                isOver = true;
                notifyAll();
            }
        }
    }

    int id() {
        return id;
    }

    synchronized List<JsonNode> events(String kind) {
        return events.stream()
                .filter(event -> event.path("event").asText().equals(kind))
                .toList();
    }

    /** A command of these fields, name and value in turn. */
    static ObjectNode command(String op, Object... fields) {
        ObjectNode command = JSON.createObjectNode().put("op", op);
        for (int i = 0; i < fields.length; i += 2) {
            command.set((String) fields[i], JSON.valueToTree(fields[i + 1]));
        }
        return command;
    }

    void tell(ObjectNode command) {
        try {
            synchronized (stdin) {
                stdin.write(command.toString());
                stdin.write('\n');
                stdin.flush();
            }
        } catch (IOException gone) {
            throw new UncheckedIOException("node " + id, gone);
        }
    }

    /** Tells and returns the tag. */
    String ask(String op, Object... fields) {
        String tag = op + "-" + ++tags;
        tell(command(op, fields).put("tag", tag));
        return tag;
    }

    JsonNode await(String what, Duration time, Predicate<JsonNode> wanted) throws InterruptedException {
        Deadline deadline = Deadline.in(time);
        synchronized (this) {
            int seen = 0;
            while (true) {
                for (; seen < events.size(); seen++) {
                    if (wanted.test(events.get(seen))) {
                        return events.get(seen);
                    }
                }
                long left = deadline.millisLeft();
                if (left == 0 || isOver) {
                    throw new AssertionError("node " + id + (isOver ? " ended without: " : " within " + time + ": ")
                            + what + "; its last events are "
                            + events.subList(Math.max(0, events.size() - 20), events.size()));
                }
                wait(left);
            }
        }
    }

    /** The answer to a command. */
    JsonNode answer(String tag, Duration time) throws InterruptedException {
        return await(
                "an answer to " + tag,
                time,
                event -> event.path("tag").asText().equals(tag)
                        && !event.path("event").asText().equals("reply"));
    }

    /** Sends a signal by name. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).as("kill -" + name).isZero();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    void quit() throws InterruptedException, IOException {
        tell(command("quit"));
        assertThat(process.waitFor(10, TimeUnit.SECONDS))
                .as("node " + id + " ends after quit")
                .isTrue();
        assertThat(process.exitValue()).as(Files.readString(errFile)).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code totem node} with very little heap: it starts, and it ends in order when there is no more. */
class ExhaustedNodeIT {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(60);

    /** The promise is five seconds; the rest is the test's machine. */
    private static final Duration SIGNALLED = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void aHeapOf64MebibytesIsEnoughForTheDefaults() throws Exception {
        NodeProcess node = start(64);
        try {
            node.await("a ring", START, log -> !log.configs.isEmpty());
            for (int n = 1; n <= 20; n++) {
                node.send("t" + n, new byte[1 << 20], "agreed");
            }
            node.await("20 MiB", END, log -> log.sent.contains("t20"));
            node.quit();
            assertThat(node.stderr()).contains(" frames instead of 64, as memory is ");
        } finally {
            node.destroy();
        }
    }

    @Test
    void aMemoryThatDoesNotFitIsOneClearLine() throws Exception {
        NodeProcess node = start(64, "memory=134217728");
        try {
            assertThat(node.waitFor(START)).isEqualTo(1);
            assertThat(complaints(node.stderr()))
                    .singleElement()
                    .asString()
                    .startsWith("totem node: memory=134217728: does not fit into this JVM")
                    .contains("set memory to at most")
                    .contains("-Xmx to at least 256m");
        } finally {
            node.destroy();
        }
    }

    @Test
    void aProcessWithoutMemoryEndsByItselfWithOneLine() throws Exception {
        NodeProcess node = start(48, "max-message-size=16777216");
        try {
            node.await("a ring", START, log -> !log.configs.isEmpty());
            try {
                node.send("large", new byte[16 << 20], "agreed");
                node.send("another", new byte[16 << 20], "agreed");
            } catch (UncheckedIOException gone) {
                // it has ended already
            }
            assertThat(node.waitFor(END)).isEqualTo(1);
            assertThat(complaints(node.stderr()))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("raise -Xmx", "lower the setting memory"));
        } finally {
            node.destroy();
        }
    }

    @Test
    void aLoopThatFindsNoMemoryEndsTheProcess() throws Exception {
        NodeProcess node = startBesideFullHeap();
        try {
            node.await("a ring", START, log -> !log.configs.isEmpty());
            Files.createFile(folder.resolve("go"));
            assertThat(node.waitFor(END)).isEqualTo(1);
            assertThat(node.stderr()).contains("raise -Xmx").doesNotContain("\tat ");
        } finally {
            node.destroy();
        }
    }

    @Test
    void aSignalEndsANodeWhoseHeapIsFull() throws Exception {
        NodeProcess node = startBesideFullHeap();
        try {
            fillHeap(node);
            node.signal("TERM");
            long signalledNanos = System.nanoTime();
            node.waitFor(SIGNALLED);
            Totem.say("ended " + (System.nanoTime() - signalledNanos) / 1_000_000 + " ms after the signal");
        } finally {
            node.destroy();
        }
    }

    private void fillHeap(NodeProcess node) throws Exception {
        node.await("a ring", START, log -> !log.configs.isEmpty());
        Files.createFile(folder.resolve("go"));
        Deadline deadline = Deadline.in(START);
        while (Files.size(folder.resolve("full")) == 0 && deadline.millisLeft() > 0) {
            Thread.onSpinWait();
        }
        assertThat(folder.resolve("full")).isNotEmptyFile();
    }

    private NodeProcess startBesideFullHeap() throws IOException {
        List<String> command = new ArrayList<>(Totem.command(64, words()));
        int jar = command.indexOf("-jar");
        String path = String.join(
                System.getProperty("path.separator"),
                command.get(jar + 1),
                Path.of(FullHeap.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString());
        command.subList(jar, jar + 2).clear();
        command.addAll(
                jar,
                List.of(
                        "-cp",
                        path,
                        FullHeap.class.getName(),
                        folder.resolve("go").toString(),
                        folder.resolve("full").toString()));
        return new NodeProcess(1, command, folder.resolve("node.json"));
    }

    @Test
    void aSignalEndsANodeWhoseOutputNobodyReads() throws Exception {
        Path err = folder.resolve("err");
        Process node = new ProcessBuilder(Totem.command(48, words()))
                .redirectError(err.toFile())
                .start();
        try {
            CountDownLatch written = new CountDownLatch(4);
            Thread feeder = new Thread(() -> feed(node.getOutputStream(), 1 << 20, written));
            feeder.setDaemon(true);
            feeder.start();
            assertThat(written.await(END.toMillis(), TimeUnit.MILLISECONDS)).isTrue();

            new ProcessBuilder("kill", "-TERM", String.valueOf(node.pid()))
                    .start()
                    .waitFor();
            assertThat(node.waitFor(SIGNALLED.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
            assertThat(complaints(Files.readString(err))).isEmpty();
        } finally {
            node.destroyForcibly();
        }
    }

    private NodeProcess start(int heap, String... settings) throws IOException {
        return new NodeProcess(1, Totem.command(heap, words(settings)), folder.resolve("node.json"));
    }

    private List<String> words(String... settings) throws IOException {
        int port = Cluster.freePorts(1)[0];
        List<String> words =
                new ArrayList<>(List.of("node", "--json", "--id", "1", "--suite", "none", "--join", "lab"));
        words.addAll(List.of("--bind", "127.0.0.1:" + port, "--transport", "unicast", "--peer", "1@127.0.0.1:" + port));
        words.addAll(List.of("--state-dir", folder.resolve("state").toString()));
        for (String setting : settings) {
            words.addAll(List.of("--set", setting));
        }
        return words;
    }

    private static void feed(OutputStream input, int bytes, CountDownLatch written) {
        String data = Base64.getEncoder().encodeToString(new byte[bytes]);
        try (input) {
            for (int n = 0; true; n++) {
                String line = "{\"op\":\"send\",\"tag\":\"t" + n + "\",\"data\":\"" + data + "\"}\n";
                input.write(line.getBytes(StandardCharsets.US_ASCII));
                input.flush();
                written.countDown();
            }
        } catch (IOException ended) {
            // as it must
        }
    }

    /** What was said beside the ordinary: a trace would be among it. */
    private static List<String> complaints(String stderr) {
        return stderr.lines()
                .filter(line -> !line.matches("\\S+ (INFO|WARN) .*") && !line.contains("suite none"))
                .toList();
    }
}

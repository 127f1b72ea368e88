/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of the sample, as samples/job/start starts them, but on other ports and with a shorter period. */
class JobApplicationIT {

    private static final int SECONDS_MAX = 60;
    private static final int REPORTS = 20;

    @TempDir
    Path directory;

    private final List<Process> instances = new ArrayList<>();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        instances.forEach(Process::destroyForcibly);
    }

    @Test
    void oneInstanceRunsTheJobAndTheOtherOneWhenItIsGone() throws Exception {
        int one = freePort();
        int two = freePort();
        String peers = "--totem.peers=1@127.0.0.1:" + one + ",2@127.0.0.1:" + two;
        start(peers, "--totem.id=1", "--totem.bind=127.0.0.1:" + one);
        start(peers, "--totem.id=2", "--totem.bind=127.0.0.1:" + two);

        Set<String> makers = new HashSet<>();
        for (int i = 0; i < REPORTS; i++) {
            makers.add(next("report made by instance "));
        }
        assertThat(makers).hasSize(1);

        Process second = instances.get(1);
        second.destroy();
        assertThat(second.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).as("the status after SIGTERM").isEqualTo(143);
        lines.clear();
        for (int i = 0; i < REPORTS; i++) {
            assertThat(next("report made by instance ")).isEqualTo("report made by instance 1");
        }
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                JobApplication.class.getName(),
                "--job.period=50ms",
                "--totem.state-directory=" + directory));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("TOTEM_KEY", "0123456789abcdef".repeat(4));
        Process process = builder.start();
        instances.add(process);
        Thread reader = new Thread(() -> read(process), "reader of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Process process) {
        try (BufferedReader output = process.inputReader(UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException ended) {
            lines.add("ended: " + ended);
        }
    }

    private String next(String beginning) throws InterruptedException {
        List<String> others = new ArrayList<>();
        long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (true) {
            String line = lines.poll(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new AssertionError("no line '" + beginning + "…' in " + SECONDS_MAX + " s, but " + others);
            }
            if (line.startsWith(beginning)) {
                return line;
            }
            others.add(line);
        }
    }

    private static int freePort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code totem watch} piped, and in a terminal that {@code script} makes. */
@Timeout(value = 150, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchIT {

    private static final int SECONDS = 60;
    private static final String HOME = "\u001b[H";

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(WatchIT::end);
    }

    /** With all that it has started: {@code script} has a shell, which has what is tested. */
    private static void end(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
    }

    private static List<String> watch(String address) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Dfile.encoding=UTF-8",
                "-Duser.timezone=UTC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.totem.cli.TotemCommand",
                "watch",
                address);
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process =
                builder.redirectError(folder.resolve("stderr").toFile()).start();
        processes.add(process);
        return process;
    }

    private static void reader(ServedNode node) throws InterruptedException {
        assertThat(node.readers.tryAcquire(SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void pipedItPrintsALineForEachChangeAndTriesAgainWhenTheNodeGoesAway() throws Exception {
        ServedNode first = new ServedNode();
        int port = first.port();
        Process process = start(new ProcessBuilder(watch(first.address())));
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        first.send(Documents.healthy(1));
        first.send(Documents.healthy(2));
        reader(first);
        assertThat(lines.readLine()).startsWith("2026-11-29 08:00:00.000  Ring 1.8 of nodes 1, 2 and 3 is formed,");
        assertThat(lines.readLine()).isEqualTo("2026-11-29 08:00:01.000  node 1 is ready");
        first.close();
        assertThat(lines.readLine()).contains("127.0.0.1:" + port + ": ").endsWith("; trying again");
        try (ServedNode again = new ServedNode(port)) {
            reader(again);
            again.send(Documents.alone(70));
            assertThat(lines.readLine()).isEqualTo("2026-11-29 08:01:10.000  node 1 answers again");
            assertThat(lines.readLine()).contains("Ring 1.12 of nodes 1 and 2 is formed, without node 3;");
        }
        process.destroy();
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("stderr"))).doesNotContain("Exception");
    }

    @Test
    void pipedItEndsWithItsReaderWithoutAnotherLine() throws Exception {
        try (ServedNode node = new ServedNode()) {
            Process process = start(new ProcessBuilder(
                    "sh", "-c", "{ " + String.join(" ", watch(node.address())) + "; echo status $? >&2; } | head -2"));
            reader(node);
            node.send(Documents.healthy(1));

            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.inputReader(StandardCharsets.UTF_8).lines())
                    .as("all that it has to say")
                    .hasSize(2)
                    .element(1)
                    .isEqualTo("2026-11-29 08:00:01.000  node 1 is ready");
            assertThat(Files.readString(folder.resolve("stderr"))).isEqualTo("status 0\n");
        }
    }

    @Test
    void aTestThatFailsLeavesNoProcessBehind() throws Exception {
        try (ServedNode node = new ServedNode()) {
            Pty pty = new Pty(node.address(), "");
            reader(node);
            node.send(Documents.healthy(1));
            pty.await(text -> isDrawn(text, "1.8"));
            List<ProcessHandle> started = pty.process.descendants().toList();
            assertThat(started).anyMatch(each -> each.info().command().orElse("").endsWith("java"));

            end();

            assertThat(started).noneMatch(ProcessHandle::isAlive);
        }
    }

    /** What is on the screen of a terminal: what came, until it is as it is wanted to be. */
    private final class Pty {

        private final Process process;
        private final OutputStream keys;
        private final InputStream screen;
        private final StringBuilder seen = new StringBuilder();

        Pty(String address, String environment) throws IOException {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script");
            Path command = folder.resolve("command");
            Files.writeString(
                    command,
                    "stty rows 24 cols 80; echo before $(stty -g)\ntrap : INT\n(while [ -d " + folder + " -a ! -e "
                            + folder
                            + "/wide ]; do sleep 0.1; done; stty rows 50 cols 160 < /dev/tty) &\n" + environment + " "
                            + String.join(" ", watch(address)) + "\necho status $?; echo after $(stty -g)\n");
            // A build in the background of a script ignores the signal, and so would all that it starts.
            ProcessBuilder builder = new ProcessBuilder(
                    "env",
                    "--default-signal=INT",
                    "script",
                    "-qec",
                    "sh " + command,
                    folder.resolve("typescript").toString());
            builder.environment().put("TERM", "xterm-256color");
            builder.environment().remove("NO_COLOR");
            process = start(builder);
            keys = process.getOutputStream();
            screen = process.getInputStream();
        }

        void press(String key) throws IOException {
            keys.write(key.getBytes(StandardCharsets.US_ASCII));
            keys.flush();
        }

        String await(Predicate<String> wanted) throws IOException {
            byte[] bytes = new byte[1 << 16];
            while (!wanted.test(seen.toString())) {
                int read = screen.read(bytes);
                assertThat(read).as("output so far: %s", seen).isPositive();
                seen.append(new String(bytes, 0, read, StandardCharsets.UTF_8));
            }
            return seen.toString();
        }

        /** The lines of the last frame, without what moves the cursor. */
        String[] frame() {
            String last = seen.substring(seen.lastIndexOf(HOME) + HOME.length());
            return last.substring(0, last.indexOf("\u001b[J"))
                    .replace("\u001b[2K", "")
                    .split("\r+\n", -1);
        }

        String finish() throws Exception {
            String all = await(text -> text.contains("after ") && text.endsWith("\n"));
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            return all;
        }
    }

    private static String word(String text, String before) {
        return text.substring(text.indexOf(before) + before.length())
                .lines()
                .findFirst()
                .orElse("")
                .strip();
    }

    private static boolean isDrawn(String text, String what) {
        int at = text.lastIndexOf(HOME);
        return at >= 0 && text.indexOf(what, at) >= 0 && text.indexOf("\u001b[J", at) >= 0;
    }

    @Test
    void fillsTheTerminalFollowsItsSizeAndLeavesItAsItWas() throws Exception {
        try (ServedNode node = new ServedNode()) {
            Pty pty = new Pty(node.address(), "");
            reader(node);
            node.send(Documents.healthy(1));
            node.send(Documents.healthy(2));
            pty.await(text -> isDrawn(text, "2,500 frames/s"));
            assertThat(pty.frame()).hasSize(24);
            assertThat(pty.seen.toString()).contains("\u001b[?1049h", "\u001b[32");
            Files.createFile(folder.resolve("wide"));
            pty.await(text -> text.substring(text.lastIndexOf(HOME) + 1).split("\r\n", -1).length == 50
                    && isDrawn(text, "q ends"));
            pty.press("q");
            String all = pty.finish();

            assertThat(word(all, "status ")).isEqualTo("0");
            assertThat(word(all, "after ")).isEqualTo(word(all, "before ")).isNotEmpty();
            assertThat(all.substring(all.lastIndexOf("\u001b[J"))).contains("\u001b[?25h\u001b[?1049l");
        }
    }

    @Test
    void endsByCtrlCAndLeavesTheTerminalAsItWas() throws Exception {
        try (ServedNode node = new ServedNode()) {
            Pty pty = new Pty(node.address(), "NO_COLOR=1");
            reader(node);
            node.send(Documents.healthy(1));
            pty.await(text -> isDrawn(text, "1.8  primary"));
            assertThat(pty.seen.toString()).doesNotContain("\u001b[3", "\u001b[1m");
            pty.press("\u0003");
            String all = pty.finish();

            assertThat(word(all, "status ")).isEqualTo("130");
            assertThat(word(all, "after ")).isEqualTo(word(all, "before ")).isNotEmpty();
            assertThat(all).contains("\u001b[?25h\u001b[?1049l");
        }
    }

    @Test
    void aNodeThatGoesAwayIsSaidInTheTerminal() throws Exception {
        ServedNode node = new ServedNode();
        int port = node.port();
        Pty pty = new Pty(node.address(), "");
        reader(node);
        node.send(Documents.healthy(1));
        pty.await(text -> isDrawn(text, "1.8"));
        node.close();
        pty.await(text -> isDrawn(text, "nobody answers there; start the node"));
        try (ServedNode again = new ServedNode(port)) {
            reader(again);
            again.send(Documents.alone(70));
            pty.await(text -> isDrawn(text, "not ready"));
            pty.press("q");
            pty.finish();
        }
    }
}

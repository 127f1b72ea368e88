/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One life of a {@code totem serve} process. One thread. */
final class ExecutiveProcess {

    private final Process process;

    private ExecutiveProcess(Process process) {
        this.process = process;
    }

    /** Returns when it serves at this socket. */
    static ExecutiveProcess start(Cluster cluster, int id, Path socket, Path err) throws IOException {
        List<String> command = new ArrayList<>(List.of("serve", "--listen", "unix:" + socket));
        Process process = new ProcessBuilder(cluster.words(id, command))
                .redirectError(err.toFile())
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        assertThat(line).as(() -> said(err)).isEqualTo("node " + id + " serves at unix:" + socket);
        return new ExecutiveProcess(process);
    }

    private static String said(Path err) {
        try {
            return java.nio.file.Files.readString(err);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Sends a signal by name. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).as("kill -" + name).isZero();
    }

    /** SIGTERM, and an orderly end. */
    void terminate() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(8, TimeUnit.SECONDS)).isTrue();
        // 143: the JVM was ended by the signal, after it had left.
        assertThat(process.exitValue()).isIn(0, 143);
    }

    void destroy() {
        process.destroyForcibly();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.client.ExecutiveAddress;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An executive in a process of its own. One thread, but for {@link #end}. */
final class ExecutiveProcess {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ENDS_SECONDS = 5;
    private static final int KILO = 1_024;

    private final Process process;
    private final Path socket;
    private final Path complaints;
    private final Writer in;
    private final BufferedReader out;

    /** Returns when it serves. */
    ExecutiveProcess(List<String> command, Path socket, Path complaints) throws IOException {
        this.socket = socket;
        this.complaints = complaints;
        this.process =
                new ProcessBuilder(command).redirectError(complaints.toFile()).start();
        this.in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        answer();
    }

    ExecutiveAddress address() {
        return ExecutiveAddress.unix(socket);
    }

    /** Tells it a line and waits for its answer. */
    JsonNode ask(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
        return answer();
    }

    /** What the JVM itself says of its options is no answer. */
    private JsonNode answer() throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith("{")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("an executive has ended: " + Files.readString(complaints));
        }
        return JSON.readTree(line);
    }

    /** CPU time so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What of it is in memory, bytes; 0 where the system does not tell. */
    long residentBytes() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * KILO;
            }
        }
        return 0;
    }

    /** {@code kill -9}; returns at once. */
    void kill() {
        process.destroyForcibly();
    }

    /** Ends it, in order if it can. */
    void end() {
        process.destroy();
        try {
            if (process.waitFor(ENDS_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}

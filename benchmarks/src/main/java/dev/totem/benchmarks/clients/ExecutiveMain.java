/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.benchmarks.load.LoadReport;
import dev.totem.cli.NodeOptions;
import dev.totem.core.Settings;
import dev.totem.core.TotemNode;
import dev.totem.server.TotemServer;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * An executive under measurement: what {@code totem serve} is, and a handle of its own that does what it is told by lines of stdin, each
 * answered by a line of JSON. Ends with its input. Main thread only.
 */
@Command(name = "executive")
public final class ExecutiveMain implements Callable<Integer> {

    @Mixin
    NodeOptions options;

    @Option(names = "--listen", required = true)
    Path socket;

    private final ObjectMapper json = new ObjectMapper();

    public static void main(String[] args) {
        System.exit(new CommandLine(new ExecutiveMain()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        TotemNode node =
                Objects.requireNonNull(options.totem().start(bound -> {}).block());
        TotemServer server = TotemServer.on(node)
                .unixSocket(socket)
                .maxMessageSize(options.config().get(Settings.MAX_MESSAGE_SIZE))
                .bind()
                .block();
        answer(Map.of("node", node.id().value()));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            answer(line.equals("memory") ? memory() : load(node, LoadWork.of(line)));
        }
        Objects.requireNonNull(server).close().then(node.leave()).block();
        return 0;
    }

    private static LoadReport load(TotemNode node, LoadWork work) {
        return work.run(node::openHandle, node.id());
    }

    /** What is reachable, and what its sockets have beside the heap, bytes. */
    private static Map<String, Long> memory() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Map.of(
                "heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                "direct", Math.max(0, PlatformDependent.usedDirectMemory()));
    }

    private void answer(Object value) throws JsonProcessingException {
        System.out.println(json.writeValueAsString(value));
        System.out.flush();
    }
}

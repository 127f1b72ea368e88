/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.clients;

import dev.totem.benchmarks.bench.JavaCommand;
import dev.totem.benchmarks.bench.Site;
import dev.totem.client.ExecutiveAddress;
import dev.totem.client.TotemClient;
import dev.totem.core.spi.SuiteName;
import dev.totem.security.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A ring of executives on loopback. One thread, but for {@link #close}. */
public final class ExecutiveRing implements AutoCloseable {

    private static final Duration FORMS = Duration.ofSeconds(30);

    private final Path folder;
    private final List<ExecutiveProcess> executives = new ArrayList<>();

    private ExecutiveRing(Path folder) {
        this.folder = folder;
    }

    /**
     * How its nodes are.
     *
     * @param settings of {@code --set}
     * @param jvmOptions after those of this JVM
     */
    public record Plan(
            int nodes, String suite, boolean multicast, Map<String, String> settings, List<String> jvmOptions) {}

    /** Starts them and waits until they are one ring. */
    static ExecutiveRing start(Plan plan) throws IOException {
        ExecutiveRing ring = new ExecutiveRing(Files.createTempDirectory("totem-clients"));
        try {
            ring.startAll(plan);
            ring.awaitOneRing(plan.nodes());
            return ring;
        } catch (IOException | RuntimeException failed) {
            ring.close();
            throw failed;
        }
    }

    private void startAll(Plan plan) throws IOException {
        List<String> common = new ArrayList<>(List.of("--suite", plan.suite()));
        if (!plan.suite().equals(SuiteName.NONE.text())) {
            Path key = folder.resolve("cluster.key");
            KeyFile.create(key);
            common.addAll(List.of("--key", key.toString()));
        }
        int[] ports = Site.freePorts(plan.nodes() + 1);
        if (plan.multicast()) {
            common.addAll(List.of("--mcast", Site.GROUP + ":" + ports[plan.nodes()]));
        } else {
            for (int node = 1; node <= plan.nodes(); node++) {
                common.addAll(List.of("--peer", node + "@127.0.0.1:" + ports[node - 1]));
            }
        }
        plan.settings().forEach((name, value) -> common.addAll(List.of("--set", name + "=" + value)));
        List<String> options = new ArrayList<>(JavaCommand.ownOptions());
        options.addAll(plan.jvmOptions());
        for (int node = 1; node <= plan.nodes(); node++) {
            Path socket = folder.resolve("e" + node);
            List<String> words = new ArrayList<>(JavaCommand.of(ExecutiveMain.class.getName(), options));
            words.addAll(List.of("--id", String.valueOf(node), "--bind", "127.0.0.1:" + ports[node - 1]));
            words.addAll(List.of("--state-dir", folder.resolve("state-" + node).toString()));
            words.addAll(List.of("--listen", socket.toString()));
            words.addAll(common);
            executives.add(new ExecutiveProcess(words, socket, folder.resolve("e" + node + ".err")));
        }
    }

    private void awaitOneRing(int nodes) {
        TotemClient client = client(1);
        try {
            client.membership()
                    .map(membership -> membership.members().size())
                    .repeatWhen(again -> again.delayElements(Duration.ofMillis(50)))
                    .takeUntil(size -> size == nodes)
                    .blockLast(FORMS);
        } finally {
            client.close().block();
        }
    }

    /** The executive of a node, from 1. */
    ExecutiveProcess executive(int node) {
        return executives.get(node - 1);
    }

    List<ExecutiveProcess> executives() {
        return List.copyOf(executives);
    }

    /** A client of the executive of a node, which goes on at the next ones. */
    TotemClient client(int node) {
        int count = executives.size();
        ExecutiveAddress[] others = new ExecutiveAddress[count - 1];
        for (int i = 1; i < count; i++) {
            others[i - 1] = executive(1 + (node - 1 + i) % count).address();
        }
        return Objects.requireNonNull(TotemClient.at(executive(node).address(), others)
                .patience(FORMS)
                .connect()
                .block());
    }

    @Override
    public void close() {
        executives.forEach(ExecutiveProcess::end);
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException busy) {
            // what is left is in the system's folder for such things
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import dev.totem.security.KeyFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a stranger's datagrams to one node leave of the throughput of a sealed ring, and what each costs that node: three {@code
 * totem load} on one processor of their own, so that what he needs himself costs them nothing, and rate after rate. With {@code
 * -Dtotem.rate=N} each node sends so many messages a second only, and the cost is not blurred by a ring that has less to do.
 *
 * <pre>
 * taskset -c 1 java -cp benchmarks/target/totem.jar dev.totem.benchmarks.bench.HostileLoad 0 garbage 50000,150000 [JVM OPTION ...]
 * </pre>
 */
public final class HostileLoad {

    private static final byte[] GROUP = {(byte) 239, (byte) 192, 7, 1};
    private static final int NODES = 3;
    private static final RunSpec WORK = new RunSpec(1_000, 10, 6, Integer.getInteger("totem.rate", 0));
    private static final String USAGE =
            "HostileLoad CPU KIND[,KIND ...] RATE[,RATE ...] [JVM OPTION ...]: the processor of"
                    + " the nodes, what is sent (" + Arrays.toString(Flood.Kind.values()) + "), datagrams a second";

    private final Path folder;
    private final List<String> prefix;
    private final List<String> options;
    private final int[] ports = Site.freePorts(NODES + 1);
    private List<byte[]> ended = List.of();
    private int runs;

    private HostileLoad(Path folder, String cpu, List<String> options) throws IOException {
        this.folder = folder;
        this.prefix = List.of("taskset", "-c", cpu);
        this.options = options;
        KeyFile.create(folder.resolve("cluster.key"));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 3) {
            System.err.println(USAGE);
            System.exit(2);
        }
        List<Flood.Kind> kinds =
                Stream.of(arguments[1].split(",")).map(Flood.Kind::of).toList();
        int[] rates =
                Stream.of(arguments[2].split(",")).mapToInt(Integer::parseInt).toArray();
        List<String> options = List.of(arguments).subList(3, arguments.length);
        Path folder = Files.createTempDirectory("totem-hostile");
        new HostileLoad(folder, arguments[0], options).measure(kinds, rates);
    }

    private void measure(List<Flood.Kind> kinds, int[] rates) throws IOException, InterruptedException {
        Reached quiet = run(Flood.Kind.GARBAGE, 0, null);
        for (Flood.Kind kind : kinds) {
            for (int rate : rates) {
                run(kind, rate, quiet);
            }
        }
    }

    @SuppressWarnings("try") // the flood ends before what it heard is asked for
    private Reached run(Flood.Kind kind, int rate, @Nullable Reached quiet) throws IOException, InterruptedException {
        InetSocketAddress group = new InetSocketAddress(InetAddress.getByAddress(GROUP), ports[NODES]);
        InetSocketAddress victim = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[0]);
        double sent;
        Outcome outcome;
        Path own = Files.createDirectory(folder.resolve("run-" + ++runs));
        try (Flood flood = new Flood(group, victim, kind, rate, ended);
                ClusterRun cluster = new ClusterRun();
                Site site = Site.loopback()) {
            outcome = cluster.run(new Ring(), WORK, site, own);
            sent = flood.rate();
            flood.close();
            ended = flood.heard();
        }
        Figures figures = outcome.figures();
        if (figures == null) {
            System.out.printf(Locale.ROOT, "%-12s %,8.0f a second: %s%n", kind, sent, outcome.failure());
            return new Reached(0, 0);
        }
        Reached reached =
                new Reached(figures.messagesPerSecond(), outcome.nodes().get(0).cpuSeconds());
        Reached without = quiet == null ? reached : quiet;
        System.out.printf(
                Locale.ROOT,
                "%-12s %,8.0f a second: %,8.0f messages a second, %.2f of those without; %.2f µs of the node for each%n",
                kind,
                sent,
                reached.messages,
                reached.messages / without.messages,
                sent == 0 ? 0 : (reached.cpuSeconds - without.cpuSeconds) * 1e6 / (sent * WORK.seconds()));
        return reached;
    }

    /**
     * What a run came to.
     *
     * @param messages a second
     * @param cpuSeconds of the node that was poured over, in the window
     */
    private record Reached(double messages, double cpuSeconds) {}

    /** The same nodes in each run, with the same key and at the same ports. */
    private final class Ring implements Contestant {

        @Override
        public String name() {
            return "hostile";
        }

        @Override
        public int nodes() {
            return NODES;
        }

        @Override
        public List<List<String>> commands(RunSpec run, Site site, Path own) throws IOException {
            List<String> jvm = new ArrayList<>(JavaCommand.ownOptions());
            jvm.addAll(options);
            List<List<String>> commands = new ArrayList<>();
            for (int node = 1; node <= NODES; node++) {
                List<String> words = new ArrayList<>(prefix);
                words.addAll(JavaCommand.of("dev.totem.benchmarks.Totem", jvm));
                words.addAll(List.of("load", "--id", String.valueOf(node), "--send"));
                words.addAll(List.of("--state-dir", own.resolve("state-" + node).toString()));
                words.addAll(List.of("--key", folder.resolve("cluster.key").toString()));
                words.addAll(List.of("--bind", "127.0.0.1:" + ports[node - 1]));
                words.addAll(List.of("--mcast", site.group() + ":" + ports[NODES]));
                words.addAll(List.of("--members", String.valueOf(NODES)));
                words.addAll(run.words());
                commands.add(words);
            }
            return commands;
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.cli;

import dev.totem.benchmarks.bench.Contestant;
import dev.totem.benchmarks.bench.CorosyncContestant;
import dev.totem.benchmarks.bench.JGroupsContestant;
import dev.totem.benchmarks.bench.LimitContestant;
import dev.totem.benchmarks.bench.TotemContestant;
import dev.totem.benchmarks.clients.ExecutiveRing;
import dev.totem.cli.NodeOptions;
import dev.totem.cli.ProtocolSettings;
import dev.totem.core.Guarantee;
import dev.totem.core.spi.SuiteName;
import dev.totem.security.AeadSeal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code totem bench} that say who is measured. Main thread only. */
final class BenchContestants {

    private static final String NONE = SuiteName.NONE.text();
    private static final int NODES_MAX = 128;
    private static final int EXECUTIVES_LEAST = 3;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            split = ",",
            defaultValue = "3",
            description = "processes that all send and deliver, a list; default 3")
    List<Integer> nodes = List.of();

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            split = ",",
            description = "suites of ours, a list; default aes-256-gcm")
    List<String> suites = List.of(AeadSeal.DEFAULT_SUITE);

    @Option(
            names = "--guarantee",
            paramLabel = "agreed|safe",
            defaultValue = "agreed",
            converter = LoadCommand.GuaranteeConverter.class,
            description = "agreed (default) or safe")
    Guarantee guarantee = Guarantee.AGREED;

    @Option(
            names = "--transport",
            paramLabel = "multicast|unicast|tcp",
            defaultValue = "multicast",
            converter = NodeOptions.TransportConverter.class,
            description = "of ours; default multicast; with tcp jgroups has TCP too")
    NodeOptions.Transport transport = NodeOptions.Transport.MULTICAST;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "a protocol setting of ours; repeated")
    Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--jvm",
            paramLabel = "OPTION",
            description = "a JVM option of ours, added to those that this command was started with; repeated")
    List<String> jvmOptions = List.of();

    @Option(
            names = "--realtime",
            description = "real-time scheduling for loops, lanes and senders of ours, as corosync has it (root, Linux)")
    boolean realTime;

    @Option(
            names = "--peer",
            paramLabel = "NAME",
            split = ",",
            description =
                    "jgroups; corosync; limit: bare sockets; totem: ours with the --peer-… options; a list; default: ours alone")
    List<Kind> peers = List.of();

    @Option(names = "--peer-suite", paramLabel = "NAME", description = "of the peer; default: as ours")
    @Nullable
    String peerSuite;

    @Option(
            names = "--peer-guarantee",
            paramLabel = "agreed|safe",
            converter = LoadCommand.GuaranteeConverter.class,
            description = "with --peer totem; default: as ours")
    @Nullable
    Guarantee peerGuarantee;

    @Option(names = "--peer-nodes", paramLabel = "N", description = "of the peer; default: as ours")
    @Nullable
    Integer peerNodes;

    @Option(
            names = "--peer-set",
            paramLabel = "NAME=VALUE",
            description = "a setting of the peer; repeated. totem: as --set;"
                    + " jgroups: bundle, bundler, credits; corosync: as in its totem section; limit: datagram, burst")
    Map<String, String> peerSettings = new LinkedHashMap<>();

    @Option(
            names = "--peer-jvm",
            paramLabel = "OPTION",
            description = "a JVM option of the peer, added to its usual ones; repeated")
    List<String> peerJvmOptions = List.of();

    /** What ours can be measured against. */
    enum Kind {
        JGROUPS,
        COROSYNC,
        LIMIT,
        TOTEM
    }

    /** Ours, and a peer unless it runs alone. */
    record Pairing(Contestant ours, @Nullable Contestant peer) {}

    List<Pairing> pairings() {
        check();
        List<Pairing> pairings = new ArrayList<>();
        for (int count : nodes) {
            for (String suite : suites) {
                Contestant ours = totem(suite, count, guarantee, settings, jvmOptions, realTime);
                if (peers.isEmpty()) {
                    pairings.add(new Pairing(ours, null));
                }
                for (Kind kind : peers) {
                    pairings.add(new Pairing(ours, peer(kind, suite, count)));
                }
            }
        }
        return pairings;
    }

    /** Ours as executives: the first number of nodes, the first suite; three at least, of which one is to be killed. */
    ExecutiveRing.Plan executives() {
        check();
        require(nodes.get(0) >= EXECUTIVES_LEAST, "--clients needs --nodes " + EXECUTIVES_LEAST + " at least");
        return new ExecutiveRing.Plan(
                nodes.get(0), suites.get(0), transport == NodeOptions.Transport.MULTICAST, settings, jvmOptions);
    }

    /** As many nodes as any run has. */
    int nodesMax() {
        return Math.max(Collections.max(nodes), peerNodes == null ? 0 : peerNodes);
    }

    private Contestant peer(Kind kind, String suite, int count) {
        String theirSuite = peerSuite == null ? suite : peerSuite;
        int theirCount = peerNodes == null ? count : peerNodes;
        boolean encrypted = !theirSuite.equals(NONE);
        return switch (kind) {
            case TOTEM ->
                totem(
                        theirSuite,
                        theirCount,
                        peerGuarantee == null ? guarantee : peerGuarantee,
                        peerSettings,
                        peerJvmOptions,
                        false);
            case JGROUPS ->
                new JGroupsContestant(
                        named(
                                isTcp() ? "jgroups tcp" : "jgroups",
                                encrypted ? "aes-128-gcm" : NONE,
                                peerSettings,
                                peerJvmOptions),
                        theirCount,
                        encrypted,
                        isTcp(),
                        known(kind, JGroupsContestant.SETTINGS),
                        peerJvmOptions);
            case COROSYNC ->
                new CorosyncContestant(
                        named("corosync", encrypted ? "knet aes256/sha256" : "udp", peerSettings, List.of()),
                        theirCount,
                        encrypted,
                        peerSettings);
            case LIMIT ->
                new LimitContestant(
                        named("limit", NONE, peerSettings, peerJvmOptions),
                        theirCount,
                        known(kind, LimitContestant.SETTINGS),
                        peerJvmOptions);
        };
    }

    private Contestant totem(
            String suite,
            int count,
            Guarantee level,
            Map<String, String> set,
            List<String> options,
            boolean isRealTime) {
        String what = (level == Guarantee.SAFE ? "totem safe" : "totem")
                + (isTcp() ? " tcp" : "")
                + (isRealTime ? " real-time" : "");
        return new TotemContestant(
                named(what, suite, set, options), count, suite, level, transport, set, options, isRealTime);
    }

    private boolean isTcp() {
        return transport == NodeOptions.Transport.TCP;
    }

    private static String named(String what, String suite, Map<String, String> set, List<String> options) {
        List<String> words = new ArrayList<>(List.of(what, suite));
        set.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(options);
        return String.join(" ", words);
    }

    private Map<String, String> known(Kind kind, List<String> names) {
        for (String name : peerSettings.keySet()) {
            require(
                    names.contains(name),
                    "--peer-set " + name + ": " + kind.name().toLowerCase(Locale.ROOT) + " takes "
                            + String.join(", ", names));
        }
        return peerSettings;
    }

    private void check() {
        require(transport != NodeOptions.Transport.AUTO, "--transport auto: what is measured is one of the others");
        for (int count : nodes) {
            require(count >= 1 && count <= NODES_MAX, "--nodes " + count + ": from 1 to " + NODES_MAX);
        }
        require(
                peerNodes == null || (peerNodes >= 1 && peerNodes <= NODES_MAX),
                "--peer-nodes " + peerNodes + ": from 1 to " + NODES_MAX);
        for (String suite : suites) {
            checkSuite("--suite", suite);
        }
        if (peerSuite != null) {
            checkSuite("--peer-suite", peerSuite);
        }
        checkSettings("--set", settings);
        boolean told = peerSuite != null
                || peerGuarantee != null
                || peerNodes != null
                || !peerSettings.isEmpty()
                || !peerJvmOptions.isEmpty();
        require(!told || peers.size() == 1, "the --peer-… options need exactly one --peer");
        if (peers.contains(Kind.TOTEM)) {
            checkSettings("--peer-set", peerSettings);
        }
    }

    private void checkSuite(String option, String suite) {
        require(
                suite.equals(NONE) || AeadSeal.suites().contains(suite),
                option + " " + suite + ": there is no such suite; known are " + String.join(", ", AeadSeal.suites())
                        + ", " + NONE);
    }

    private void checkSettings(String option, Map<String, String> set) {
        try {
            new ProtocolSettings(set);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(
                    spec.commandLine(), String.valueOf(wrong.getMessage()).replaceFirst("^--set", option));
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), what);
        }
    }
}

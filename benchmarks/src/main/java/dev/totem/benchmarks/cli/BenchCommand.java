/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.cli;

import dev.totem.benchmarks.bench.Bench;
import dev.totem.benchmarks.bench.BenchChart;
import dev.totem.benchmarks.bench.BenchJson;
import dev.totem.benchmarks.bench.BenchTable;
import dev.totem.benchmarks.bench.Match;
import dev.totem.benchmarks.bench.RunSpec;
import dev.totem.benchmarks.bench.Site;
import dev.totem.benchmarks.cli.BenchContestants.Pairing;
import dev.totem.benchmarks.clients.ClientsBench;
import dev.totem.benchmarks.clients.ClientsReport;
import dev.totem.benchmarks.clients.ExecutiveRing;
import dev.totem.benchmarks.load.LoadPlan;
import dev.totem.cli.TotemCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code totem bench}: ours and peers side by side. Main thread only. */
@Command(
        name = "bench",
        description = "Runs totem load, and the same load on peers, alternately, and prints what each reached.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
public final class BenchCommand implements Callable<Integer> {

    /** How much of the processors others may use before figures say little. */
    private static final double BUSY_SHARE = 0.25;

    private static final int SIZE_OF_CLIENTS = 1_000;
    private static final int RATE_OF_CLIENTS = 200;
    private static final int CLIENTS_MAX = 4_000;

    @Spec
    CommandSpec spec;

    @Mixin
    BenchContestants contestants = new BenchContestants();

    @Option(
            names = "--sizes",
            paramLabel = "BYTES",
            split = ",",
            defaultValue = "100,1000,10000",
            description = "payload bytes, a list; default 100,1000,10000")
    List<Integer> sizes = List.of();

    @Option(names = "--warmup", paramLabel = "S", defaultValue = "20", description = "seconds of warm-up; default 20")
    double warmup;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "10", description = "seconds measured; default 10")
    double seconds;

    @Option(names = "--pairs", paramLabel = "N", defaultValue = "5", description = "runs of each side; default 5")
    int pairs;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "0",
            description = "messages a second from each node; default: as many as flow control admits")
    int rate;

    @Option(
            names = "--link",
            paramLabel = "loopback|namespaces",
            defaultValue = "loopback",
            description = "loopback (default), or a network namespace a node on a bridge of MTU 1500 (root, Linux)")
    Link link = Link.LOOPBACK;

    @Option(names = "--json", paramLabel = "FILE", description = "write every run, medians and ratios there")
    @Nullable
    Path json;

    @Option(names = "--svg", paramLabel = "FILE", description = "draw a chart there")
    @Nullable
    Path svg;

    @Option(
            names = "--clients",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "1000",
            description =
                    "measure attached clients instead: one beside an embedded handle, at the first of --sizes or 1000 bytes, as fast as"
                            + " possible and at --rate or 200 a second; N of them (default 1000); and a kill -9 of their executive")
    @Nullable
    Integer clients;

    @Option(
            names = "--parts",
            paramLabel = "throughput|latency|crowd|kill",
            split = ",",
            description = "with --clients: what of it, a list; default all")
    Set<ClientsBench.Part> parts = EnumSet.allOf(ClientsBench.Part.class);

    enum Link {
        LOOPBACK,
        NAMESPACES
    }

    /** 0 if every run of ours agreed with itself; what happens to a peer is a row. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        if (clients != null) {
            return measureClients(contestants.executives(), clients);
        }
        List<Pairing> pairings = contestants.pairings();
        warnIfBusy();
        List<Match> matches = new ArrayList<>();
        Site site = link == Link.LOOPBACK ? Site.loopback() : Site.namespaces(contestants.nodesMax());
        Bench bench = new Bench(site, this::say);
        Thread atEnd = new Thread(bench::close, "bench-close");
        Runtime.getRuntime().addShutdownHook(atEnd); // a signal ends the processes and removes the namespaces
        for (Pairing pairing : pairings) {
            for (int size : sizes) {
                RunSpec work = new RunSpec(size, warmup, seconds, rate);
                matches.add(bench.match(size + " B", work, pairs, pairing.ours(), pairing.peer()));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(BenchTable.of(matches));
        out.flush();
        write(matches);
        return matches.stream().allMatch(match -> match.ours().failures().isEmpty()) ? 0 : 1;
    }

    /** 0 if every client saw what it had to, and no send was lost or doubled. */
    private int measureClients(ExecutiveRing.Plan plan, int count) throws IOException, InterruptedException {
        warnIfBusy();
        boolean isSizeGiven = spec.commandLine().getParseResult().hasMatchedOption("--sizes");
        ClientsBench.Work work = new ClientsBench.Work(
                parts,
                isSizeGiven ? sizes.get(0) : SIZE_OF_CLIENTS,
                warmup,
                seconds,
                pairs,
                rate == 0 ? RATE_OF_CLIENTS : rate,
                count);
        ClientsReport figures =
                new ClientsBench(plan, this::say).run(work);
        PrintWriter out = spec.commandLine().getOut();
        figures.lines().forEach(out::println);
        out.flush();
        if (json != null) {
            BenchJson.write(json, spec.commandLine().getParseResult().originalArgs(), "clients", figures);
        }
        return figures.isWhole() ? 0 : 1;
    }

    private void write(List<Match> matches) throws IOException {
        if (json != null) {
            BenchJson.write(json, spec.commandLine().getParseResult().originalArgs(), matches);
        }
        if (svg != null) {
            Files.writeString(svg, BenchChart.svg(matches));
        }
    }

    private void warnIfBusy() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        if (load > BUSY_SHARE * Runtime.getRuntime().availableProcessors()) {
            say(String.format(Locale.ROOT, "others use this machine (load average %.2f): ratios will be noisy", load));
        }
    }

    private void check() {
        require(!sizes.isEmpty(), "--sizes: at least one");
        for (int size : sizes) {
            require(size >= LoadPlan.SIZE_BYTES_MIN, "--sizes " + size + ": at least " + LoadPlan.SIZE_BYTES_MIN);
        }
        require(warmup >= 0 && warmup <= 3_600, "--warmup " + warmup + ": from 0 to 3600 seconds");
        require(seconds > 0 && seconds <= 3_600, "--seconds " + seconds + ": more than 0, at most 3600");
        require(pairs >= 1 && pairs <= 1_000, "--pairs " + pairs + ": from 1 to 1000");
        require(
                link == Link.NAMESPACES || !contestants.peers.contains(BenchContestants.Kind.COROSYNC),
                "--peer corosync needs --link namespaces: several on one host would share its sockets");
        require(
                clients == null || (clients >= 1 && clients <= CLIENTS_MAX),
                "--clients " + clients + ": from 1 to " + CLIENTS_MAX);
        require(
                clients == null || (contestants.peers.isEmpty() && link == Link.LOOPBACK && svg == null),
                "--clients has no peer, no chart, and runs on loopback");
        require(rate >= 0, "--rate " + rate + ": messages a second, or 0 for no limit");
    }

    private void say(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(spec.qualifiedName() + ": " + what);
        err.flush();
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), what);
        }
    }
}

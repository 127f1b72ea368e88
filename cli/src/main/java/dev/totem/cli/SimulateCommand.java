/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.totem.testkit.Fault;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.ScheduleStep;
import dev.totem.testkit.internal.sim.Shrinker;
import dev.totem.testkit.internal.sim.Tally;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code totem simulate}: production nodes in virtual time, under faults that follow from a seed. Main thread only. */
@Command(
        name = "simulate",
        description = "Runs nodes in virtual time, under faults that follow from a seed, and checks every property.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
final class SimulateCommand implements Callable<Integer> {

    private static final String ALL = "all";
    private static final int SEEDS = 1_000_000_000;
    private static final int NODES_MIN = 2;
    private static final int NODES_MAX = 128;
    private static final int SHRINK_RUNS_MAX = 500;
    private static final Duration PROGRESS = Duration.ofSeconds(10);

    @Spec
    CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "decides everything that the other options do not say; default: another each time")
    @Nullable
    Long seed;

    @Option(names = "--nodes", paramLabel = "N", description = "nodes, 2 to 128; default: 3 to 7, by the seed")
    @Nullable
    Integer nodes;

    @Option(names = "--steps", paramLabel = "N", description = "what happens in the one schedule; default: by the seed")
    @Nullable
    Integer steps;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "instead of one schedule, those of the seed and the following ones for so long")
    @Nullable
    Double minutes;

    @Option(
            names = "--faults",
            paramLabel = "NAME",
            split = ",",
            description = "what may go wrong; default: all. Known: all, "
                    + "loss, large-loss, duplication, reordering, delay, replay, one-way, multicast-loss, unicast-loss, token-loss,"
                    + " partition, crash, storage, leave, pause, slow-disk, slow-subscriber, clock-skew, twin")
    List<String> faults = List.of(ALL);

    private final Supplier<NodeLauncher> launchers;
    private final Tally tally = new Tally();
    private long reportedNanos = System.nanoTime();

    SimulateCommand() {
        this(NodeLauncher::production);
    }

    /** With nodes of another making. */
    SimulateCommand(Supplier<NodeLauncher> launchers) {
        this.launchers = launchers;
    }

    @Override
    public Integer call() {
        Set<Fault> allowed = allowed();
        refuseNonsense();
        ((Logger) LoggerFactory.getLogger("dev.totem.node")).setLevel(Level.OFF);
        long first = seed == null ? new SplittableRandom().nextInt(SEEDS) : seed;
        PrintWriter out = spec.commandLine().getOut();
        out.printf("seed %d%n", first);
        out.flush();
        Optional<RandomSchedule.Outcome> failed = run(first, allowed);
        out.printf(Locale.ROOT, "schedules %d%n", tally.schedules());
        out.printf(Locale.ROOT, "rings formed %d%n", tally.rings());
        out.printf(Locale.ROOT, "messages delivered %d%n", tally.messages());
        out.printf(Locale.ROOT, "properties checked %d times%n", tally.checks());
        failed.ifPresentOrElse(outcome -> explain(outcome, out), () -> out.println("no violation"));
        out.flush();
        return failed.isPresent() ? 1 : 0;
    }

    /** The first outcome that did not pass. */
    private Optional<RandomSchedule.Outcome> run(long first, Set<Fault> allowed) {
        long begun = System.nanoTime();
        long limitNanos =
                minutes == null ? 0 : (long) (minutes * Duration.ofMinutes(1).toNanos());
        long next = first;
        do {
            RandomSchedule schedule = schedule(next++, allowed);
            int all = schedule.steps().size();
            RandomSchedule.Outcome outcome = schedule.run(
                    launchers.get(), done -> progress("seed " + schedule.seed() + " step " + done + " of " + all));
            tally.add(outcome);
            if (!outcome.passed()) {
                return Optional.of(outcome);
            }
        } while (System.nanoTime() - begun < limitNanos);
        return Optional.empty();
    }

    private RandomSchedule schedule(long number, Set<Fault> allowed) {
        int size = nodes == null ? RandomSchedule.nodesOf(number) : nodes;
        OptionalInt moves = steps == null ? OptionalInt.empty() : OptionalInt.of(steps);
        return moves.isPresent()
                ? RandomSchedule.of(number, size, allowed, moves.getAsInt())
                : RandomSchedule.of(number, size, allowed);
    }

    private void progress(String where) {
        long now = System.nanoTime();
        if (now - reportedNanos >= PROGRESS.toNanos()) {
            reportedNanos = now;
            spec.commandLine().getErr().println("simulate: " + where + "; so far " + tally);
            spec.commandLine().getErr().flush();
        }
    }

    private void explain(RandomSchedule.Outcome outcome, PrintWriter out) {
        RandomSchedule.Outcome small = new Shrinker(launchers.get(), SHRINK_RUNS_MAX).shrink(outcome.schedule());
        out.printf("violation with seed %d: %s%n", outcome.schedule().seed(), outcome.kind());
        small.failures().forEach(out::println);
        out.println(small.report().text());
        out.printf(
                "the shortest schedule that shows it, of %d nodes:%n",
                small.schedule().nodes());
        out.println(ScheduleStep.text(small.schedule().steps()));
    }

    private Set<Fault> allowed() {
        Set<Fault> allowed = EnumSet.noneOf(Fault.class);
        for (String name : faults) {
            if (name.equals(ALL)) {
                return EnumSet.allOf(Fault.class);
            }
            allowed.add(Arrays.stream(Fault.values())
                    .filter(fault -> fault.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> wrong("--faults", name, "known are all, " + known())));
        }
        return allowed;
    }

    private static String known() {
        return Arrays.stream(Fault.values()).map(Fault::toString).collect(Collectors.joining(", "));
    }

    private void refuseNonsense() {
        if (nodes != null && (nodes < NODES_MIN || nodes > NODES_MAX)) {
            throw wrong("--nodes", nodes, "from " + NODES_MIN + " to " + NODES_MAX + " nodes");
        }
        if (steps != null && minutes != null) {
            throw wrong("--steps", steps, "not together with --minutes: give one of them");
        }
        if (steps != null && steps < 0) {
            throw wrong("--steps", steps, "a number of steps is at least 0");
        }
        if (minutes != null && !(minutes > 0)) {
            throw wrong("--minutes", minutes, "more than 0");
        }
    }

    private ParameterException wrong(String option, Object value, String rule) {
        return new ParameterException(spec.commandLine(), option + "=" + value + ": " + rule);
    }
}

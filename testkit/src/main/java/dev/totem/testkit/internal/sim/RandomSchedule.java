/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.Settings;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.internal.settings.WireVersions;
import dev.totem.testkit.Fault;
import dev.totem.testkit.internal.check.CheckReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A life of a cluster that follows from one seed: faults and sends in any mixture, and at the end a healed network in which
 * all must come to rest. Immutable, any thread; {@link #run} works in the caller's.
 *
 * @param seed decides everything that the steps do not say
 * @param nodes how many nodes there are
 * @param steps what happens; fewer of them make another schedule that can be run
 */
public record RandomSchedule(long seed, int nodes, List<ScheduleStep> steps) {

    /** Short, so that a schedule sees many memberships. */
    private static final Duration TOKEN = Duration.ofMillis(100);

    /** How long after the last fault all must be one ring: tokens of patience. */
    private static final Duration REST_MAX = TOKEN.multipliedBy(100);

    /** Few, so that a slow subscriber holds the ring back. */
    private static final int SUBSCRIBER_EVENTS = 64;

    private static final int MOVES_MAX = 20;
    private static final int CHURN_EVERY = 3;
    private static final int NETWORK_CUT_EVERY = 3;
    private static final int NODES_MIN = 3;
    private static final int NODES_MAX = 7;

    /** How many versions of the wire format there are here, of which only the first is known elsewhere. */
    private static final int WIRE_VERSIONS = 3;

    public RandomSchedule {
        steps = List.copyOf(steps);
    }

    /** The schedule of a seed, of 3 to 7 nodes. */
    public static RandomSchedule of(long seed) {
        return of(seed, nodesOf(seed));
    }

    /** How many nodes the schedule of a seed has, if nobody says. */
    public static int nodesOf(long seed) {
        return new SplittableRandom(seed).nextInt(NODES_MIN, NODES_MAX + 1);
    }

    /** The schedule of a seed, of this many nodes. */
    public static RandomSchedule of(long seed, int nodes) {
        return of(seed, nodes, EnumSet.allOf(Fault.class));
    }

    /** The schedule of a seed, of this many nodes and these faults only. */
    public static RandomSchedule of(long seed, int nodes, Set<Fault> faults) {
        return of(seed, nodes, faults, new SplittableRandom(seed + 1).nextInt(MOVES_MAX / 4, MOVES_MAX));
    }

    /**
     * The schedule of a seed.
     *
     * @param moves how many things happen, each of one or more steps
     */
    public static RandomSchedule of(long seed, int nodes, Set<Fault> faults, int moves) {
        ScheduleSteps steps = new ScheduleSteps(
                new SplittableRandom(~seed), new SplittableRandom(Long.reverse(seed)), nodes, TOKEN, faults);
        List<ScheduleStep> all = new ArrayList<>();
        // Drawn apart, so that the schedules of known seeds stay what they were otherwise.
        SplittableRandom churn = new SplittableRandom(Long.reverse(~seed));
        for (int i = 0; i < moves; i++) {
            if (churn.nextInt(CHURN_EVERY) == 0) {
                all.add(new ScheduleStep.Churn(1 + churn.nextInt(nodes), churn.nextLong()));
            }
            all.addAll(steps.next());
        }
        return new RandomSchedule(seed, nodes, all);
    }

    public RandomSchedule withSteps(List<ScheduleStep> fewer) {
        return new RandomSchedule(seed, nodes, fewer);
    }

    /** The settings of all nodes in schedules. */
    public static NodeSettings config() {
        NodeSettings defaults = NodeSettings.defaults().with(Settings.TOKEN, TOKEN);
        return defaults.with(Settings.SUBSCRIBER_EVENTS, SUBSCRIBER_EVENTS);
    }

    /**
     * The same for a seed: a third each with the original ring, with one frame behind a token, and with all of them. The latter two
     * have windows of which one frame and no frame are little traffic.
     */
    private static NodeSettings config(long seed, int nodes) {
        NodeSettings settings =
                config().with(Settings.QUORUM, quorum(seed, nodes).toString());
        return switch ((int) Long.remainderUnsigned(seed, 3)) {
            case 0 -> settings.with(Settings.ACCELERATED_WINDOW, 0);
            case 1 -> settings.with(Settings.WINDOW_SIZE, 32).with(Settings.ACCELERATED_WINDOW, 1);
            default -> settings.with(Settings.WINDOW_SIZE, 31).with(Settings.ACCELERATED_WINDOW, 31);
        };
    }

    /** A fifth each with none, a majority, one that waits for all, one that a node decides at a tie, and weights. */
    private static Quorum quorum(long seed, int nodes) {
        return switch ((int) Long.remainderUnsigned(seed, 5)) {
            case 0 -> Quorum.majority(nodes);
            case 1 -> Quorum.majority(nodes).withTieBreaker(NodeId.of(1 + nodes / 2));
            case 2 -> Quorum.majority(nodes).bootstrapExpect(nodes);
            case 3 ->
                Quorum.weighted(IntStream.rangeClosed(1, nodes)
                        .boxed()
                        .collect(Collectors.toMap(NodeId::of, node -> node % 3)));
            default -> Quorum.none();
        };
    }

    /** A node of each id understands other versions of the wire format than those of the ids beside it; all understand the first. */
    private static NodeLauncher ofSeveralVersions(NodeLauncher launcher) {
        return (self, config, world, onBound) -> launcher.launch(
                self,
                config.withVersions(new WireVersions(WireVersions.FIRST, 1 + self.value() % WIRE_VERSIONS)),
                world,
                onBound);
    }

    /** {@link #run(NodeLauncher)} with the production node. */
    public Outcome run() {
        return run(NodeLauncher.production());
    }

    /** Runs it, heals, waits for rest, and checks everything. */
    public Outcome run(NodeLauncher launcher) {
        return run(launcher, done -> {});
    }

    /**
     * {@link #run(NodeLauncher)}, with news on the way.
     *
     * @param afterStep told how many steps are done
     */
    public Outcome run(NodeLauncher launcher, IntConsumer afterStep) {
        return run(
                SimCluster.create(seed, nodes, Faults.none(), config(seed, nodes), ofSeveralVersions(launcher)),
                afterStep);
    }

    /** The same on several networks, of which one or the other does not work for a while. */
    public Outcome runOn(Redundancy redundancy) {
        SimCluster cluster = SimCluster.create(
                seed,
                nodes,
                Faults.none(),
                redundancy,
                config(seed, nodes),
                ofSeveralVersions(NodeLauncher.production()));
        SplittableRandom cuts = new SplittableRandom(~seed);
        return run(cluster, done -> {
            int network = 1 + cuts.nextInt(redundancy.networks());
            if (cuts.nextInt(NETWORK_CUT_EVERY) == 0) {
                cluster.down(network, cuts.nextBoolean());
            }
        });
    }

    private Outcome run(SimCluster cluster, IntConsumer afterStep) {
        List<String> failures = new ArrayList<>();
        cluster.scarceNumbers();
        cluster.startAll();
        try {
            for (int done = 0; done < steps.size(); done++) {
                steps.get(done).apply(cluster);
                afterStep.accept(done + 1);
            }
            rest(cluster, failures);
        } catch (RuntimeException | AssertionError broken) {
            failures.add("the simulation broke off: " + broken);
        }
        failures.addAll(cluster.failures());
        CheckReport report = failures.isEmpty() ? cluster.checkAtEnd() : cluster.check();
        return new Outcome(
                this, report, failures, cluster.digest(), cluster.steps(), cluster.rings(), cluster.deliveries());
    }

    private static void rest(SimCluster cluster, List<String> failures) {
        if (!cluster.quiesce(REST_MAX)) {
            failures.add("no rest within " + REST_MAX.toMillis() + "ms: " + cluster.state());
            return;
        }
        for (SimNode node : cluster.nodes()) {
            node.send(0, 0, Guarantee.SAFE, 100);
        }
        if (!cluster.runUntil(cluster::nothingPending, REST_MAX)) {
            failures.add("sends in the healed ring did not end: " + cluster.state());
        }
        cluster.run(TOKEN.multipliedBy(3));
        List<NodeId> all = List.copyOf(cluster.live());
        if (!cluster.isOneRing(all)) {
            failures.add("the healed ring broke again: " + cluster.state());
        }
        cluster.crowdDifference().ifPresent(failures::add);
    }

    /**
     * What came of a run.
     *
     * @param report what the checker found
     * @param failures what the logs do not show
     * @param digest equal digests, equal runs
     * @param events how many events it took
     * @param rings how many rings were installed, by anybody
     * @param messages how many messages were delivered, at all nodes together
     */
    public record Outcome(
            RandomSchedule schedule,
            CheckReport report,
            List<String> failures,
            long digest,
            long events,
            long rings,
            long messages) {

        public Outcome {
            failures = List.copyOf(failures);
        }

        public boolean passed() {
            return report.passed() && failures.isEmpty();
        }

        /** What to look at, with the steps that led there. */
        public String text() {
            List<String> parts = new ArrayList<>(failures);
            parts.add(report.text());
            parts.add("seed " + schedule.seed() + ", " + schedule.nodes() + " nodes:");
            parts.add(ScheduleStep.text(schedule.steps()));
            return String.join("\n", parts);
        }

        /** The kind of what went wrong, to compare runs by. */
        public String kind() {
            if (!report.passed()) {
                return report.violations().get(0).rule().name();
            }
            return failures.isEmpty()
                    ? ""
                    : failures.get(0).replaceAll("[0-9.]+", "#").replaceAll("[:,].*", "");
        }
    }
}

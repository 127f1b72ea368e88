/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A member of a primary ring of three is left behind, and the two others become primary without it as soon as they can; the clocks
 * differ as much as they may. A fourth node without a vote is what makes them look for a new ring at once.
 */
final class LeftBehind {

    private static final double SKEW = 0.03;
    private static final int LARGE_BYTES = 1_000;
    private static final Duration STEP = Duration.ofMillis(1);
    private static final Duration FORMED = Duration.ofSeconds(6);
    private static final int OUTSIDER = 4;

    private final SplittableRandom random;
    private final int kind;
    private final int lost;
    private final SimCluster cluster;

    private LeftBehind(long seed) {
        random = new SplittableRandom(seed);
        kind = (int) Long.remainderUnsigned(seed, 5);
        lost = 1 + random.nextInt(3);
        cluster = SimCluster.create(
                seed, OUTSIDER, Faults.none().withClockSkew(SKEW), config(kind), NodeLauncher.production());
    }

    private static NodeSettings config(int kind) {
        NodeSettings settings = NodeSettings.defaults()
                .with(
                        Settings.QUORUM,
                        Quorum.majority(NodeId.of(1), NodeId.of(2), NodeId.of(3))
                                .toString());
        return switch (kind) {
            case 0 ->
                settings.with(Settings.TOKEN, Duration.ofMillis(800)).with(Settings.CONSENSUS, Duration.ofMillis(400));
            case 1 ->
                settings.with(Settings.TOKEN, Duration.ofMillis(100))
                        .with(Settings.CONSENSUS, Duration.ofMillis(400))
                        .with(Settings.FAIL_RECV_CONST, 10);
            case 2 -> settings.with(Settings.TOKEN, Duration.ofMillis(100));
            case 3 ->
                settings.with(Settings.TOKEN, Duration.ofMillis(100))
                        .with(Settings.CONSENSUS, Duration.ofMillis(400))
                        .with(Settings.FAIL_RECV_CONST, 10);
            default -> settings.with(Settings.TOKEN, Duration.ofMillis(400));
        };
    }

    /** The properties that the run of a seed violated, each with the details. */
    static Map<String, String> run(long seed) {
        LeftBehind run = new LeftBehind(seed);
        run.cluster.partition(new int[] {1, 2, 3}, new int[] {OUTSIDER});
        run.cluster.startAll();
        Map<String, String> violated = new LinkedHashMap<>();
        if (!run.cluster.runUntil(run::isFormed, FORMED)) {
            violated.put("a ring forms in time", run.cluster.state());
        } else {
            run.load(40 + run.random.nextInt(20));
            run.leaveBehind();
            run.cluster.run(Duration.ofSeconds(3));
        }
        violated.putAll(Violated.by(run.cluster.check(), run.cluster.failures()));
        return violated;
    }

    private boolean isFormed() {
        return cluster.nodes().stream()
                .filter(node -> node.id().value() != OUTSIDER)
                .allMatch(node -> node.configuration()
                        .filter(change -> change.members().size() == 3)
                        .isPresent());
    }

    private void load(int steps) {
        for (int i = 0; i < steps; i++) {
            for (SimNode node : cluster.nodes()) {
                node.send(0, 0, Guarantee.AGREED, LARGE_BYTES + 1);
            }
            cluster.run(STEP);
        }
    }

    private void leaveBehind() {
        switch (kind) {
            case 0 -> {
                cluster.partition(new int[] {lost}, others(true));
                load(20);
            }
            case 1 -> {
                for (int from : others(false)) {
                    cluster.faults(from, lost, Faults.none().withLargeLoss(LARGE_BYTES, 1));
                }
                load(300);
            }
            case 2 -> {
                // What waits in its socket is the token, and nothing that tells of the next ring.
                cluster.node(lost).pause(Duration.ofMillis(500 + random.nextInt(200)));
                load(5);
                cluster.partition(new int[] {lost}, others(false));
            }
            case 3 -> accuse();
            default -> {
                cluster.partition(new int[] {lost}, others(false));
                for (int other : others(false)) {
                    cluster.crash(other);
                    cluster.restart(other);
                }
            }
        }
    }

    /** It gives up on the next, which receives nothing large, and only that one hears so; the two others go on without it. */
    private void accuse() {
        int next = 1 + lost % 3;
        int last = 1 + next % 3;
        cluster.cut(lost, last);
        cluster.faults(lost, next, Faults.none().withLargeLoss(LARGE_BYTES, 1));
        cluster.faults(last, next, Faults.none().withLargeLoss(LARGE_BYTES, 1));
        long before = gathers();
        for (int i = 0; i < 400 && gathers() == before; i++) {
            load(1);
        }
        cluster.faults(last, next, Faults.none());
    }

    private long gathers() {
        return cluster.node(lost)
                .node()
                .map(node -> node.stats().get(Statistics.GATHERS))
                .orElse(0L);
    }

    private int[] others(boolean withOutsider) {
        return java.util.stream.IntStream.rangeClosed(1, withOutsider ? OUTSIDER : 3)
                .filter(id -> id != lost)
                .toArray();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.Milestone;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * A ring that only some of its members install: the others are cut off from them at that moment, and owe the messages that
 * those may have delivered (P49). Behind a message that nobody has, so that only the obligation makes them deliver.
 */
final class HalfInstalled {

    private static final int ROUNDS = 4;
    private static final int LARGE_BYTES = 1_000;
    private static final Duration FORMED = Duration.ofMillis(800);
    private static final Duration REST = Duration.ofSeconds(10);
    /** What is under way has arrived by then. */
    private static final Duration UNDER_WAY = Duration.ofMillis(1);

    private static final long ORDERED_NANOS = 2_000_000;

    private final SplittableRandom random;
    private final int size;
    private final SimCluster cluster;

    private HalfInstalled(long seed) {
        random = new SplittableRandom(seed);
        size = random.nextInt(4, 7);
        cluster = SimCluster.create(seed, size, Faults.none());
    }

    /** The properties that the run of a seed violated, each with the details. */
    static Map<String, String> run(long seed) {
        HalfInstalled run = new HalfInstalled(seed);
        Map<String, String> violated = new LinkedHashMap<>();
        run.cluster.startAll();
        run.cluster.runUntil(run.cluster::isOneRing, FORMED);
        for (int round = 0; round < ROUNDS; round++) {
            run.round();
            if (!run.cluster.quiesce(REST)) {
                violated.put("all come to rest", run.cluster.state());
                break;
            }
        }
        violated.putAll(Violated.by(
                violated.isEmpty() ? run.cluster.checkAtEnd() : run.cluster.check(), run.cluster.failures()));
        return violated;
    }

    private void round() {
        SimNode lost = node();
        cluster.faults(Faults.none().withLargeLoss(LARGE_BYTES, 1));
        sendFromAll();
        cluster.run(Duration.ofNanos(random.nextLong(ORDERED_NANOS)));
        lost.send(0, 0, Guarantee.AGREED, LARGE_BYTES + 1);
        cluster.run(Duration.ofNanos(ORDERED_NANOS));
        sendFromAll();
        cluster.run(Duration.ofNanos(random.nextLong(ORDERED_NANOS)));
        Map<NodeId, Optional<ConfigChange>> before = new LinkedHashMap<>();
        cluster.nodes().forEach(node -> before.put(node.id(), node.configuration()));
        lost.crash();
        cluster.await(Milestone.INSTALL, 1 + random.nextInt(size), FORMED);
        cluster.partition(cluster.nodes().stream()
                .map(node -> new int[] {node.id().value()})
                .toArray(int[][]::new));
        cluster.run(UNDER_WAY);
        Map<Boolean, List<SimNode>> changed = cluster.nodes().stream()
                .collect(Collectors.partitioningBy(node -> !node.configuration().equals(before.get(node.id()))));
        cluster.partition(ids(changed.get(true)), ids(changed.get(false)));
        if (random.nextBoolean()) {
            cluster.await(Milestone.ACCEPT, 1 + random.nextInt(size), FORMED);
            cluster.crash(node().id().value());
        }
        cluster.run(FORMED);
    }

    private void sendFromAll() {
        for (SimNode node : cluster.nodes()) {
            if (random.nextBoolean()) {
                node.send(0, 0, random.nextBoolean() ? Guarantee.SAFE : Guarantee.AGREED, 100);
            }
        }
    }

    private SimNode node() {
        return cluster.node(1 + random.nextInt(size));
    }

    private static int[] ids(List<SimNode> nodes) {
        return nodes.stream().mapToInt(node -> node.id().value()).toArray();
    }
}

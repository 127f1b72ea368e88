/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.core.Statistics;
import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three hosts on two networks, sealed and under load, of which one and then the other passes nothing on. */
class TwoNetworksIT {

    private static final int NODES = 3;
    private static final int BYTES = 600;
    private static final int CUTS = 20;
    private static final Duration NOTICES = Duration.ofSeconds(10);
    private static final Duration PARTS = Duration.ofSeconds(10);
    private static final Duration MERGES = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @BeforeEach
    void needsALab() throws InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    @ParameterizedTest
    @CsvSource({"true, passive", "true, active", "false, passive", "false, active"})
    void eachIsCutInTurnAndNobodyLeavesAndNothingIsLost(boolean isMulticast, String replication) throws Exception {
        try (NetLab lab = NetLab.withTwoNetworks(NODES);
                Cluster cluster = Cluster.onTwoNetworks(folder, lab, NODES, isMulticast, replication)) {
            UnderLoad load = UnderLoad.form(cluster, NODES, BYTES);
            awaitFaulty(cluster, 0);
            Map<Integer, Integer> configs = new TreeMap<>();
            cluster.nodes()
                    .forEach(node -> configs.put(node.id(), node.configs().size()));
            Silence silence = Silence.of(cluster.node(1));

            for (int cut = 0; cut < CUTS; cut++) {
                int network = 1 + cut % 2;
                lab.cutNetwork(network, true);
                awaitFaulty(cluster, 1);
                load.awaitProgress(NOTICES, 100, 1, 2, 3);
                lab.cutNetwork(network, false);
                awaitFaulty(cluster, 0);
            }

            Totem.say((isMulticast ? "multicast, " : "unicast, ") + replication + ": " + CUTS
                    + " cuts, longest time without a delivery " + silence.end() + " ms");
            for (NodeProcess node : cluster.nodes()) {
                assertThat(node.configsAfter(configs.get(node.id())))
                        .as("configurations at node " + node.id() + "; it logged:\n" + node.stderr())
                        .isEmpty();
                assertThat(node.stderr()).contains("network 1 is faulty").contains("network 2 works again");
            }
            load.finish();
        }
    }

    @Test
    void bothCutIsAPartitionAsUsual() throws Exception {
        try (NetLab lab = NetLab.withTwoNetworks(NODES);
                Cluster cluster = Cluster.onTwoNetworks(folder, lab, NODES, true, "passive")) {
            UnderLoad load = UnderLoad.form(cluster, NODES, BYTES);
            for (int network : new int[] {1, 2}) {
                lab.cutNetwork(network, true);
            }
            for (int id = 1; id <= NODES; id++) {
                cluster.awaitRing(PARTS, id);
            }
            for (int network : new int[] {1, 2}) {
                lab.cutNetwork(network, false);
            }
            cluster.awaitRing(MERGES, 1, 2, 3);
            load.finish();
        }
    }

    /** All nodes avoid so many networks. */
    private static void awaitFaulty(Cluster cluster, int networks) throws Exception {
        for (NodeProcess node : List.copyOf(cluster.nodes())) {
            Deadline deadline = Deadline.in(NOTICES);
            while (node.stats(NOTICES).get(Statistics.LINK_NETWORKS_FAULTY) != networks) {
                assertThat(deadline.millisLeft())
                        .as("node " + node.id() + " avoids " + networks + " networks; it logged:\n" + node.stderr())
                        .isPositive();
            }
        }
    }

    /** Looks how long a node delivers nothing. */
    private static final class Silence {

        private final Thread thread;
        private volatile boolean isOver;
        private volatile long longestNanos;

        private Silence(NodeProcess node) {
            thread = new Thread(() -> look(node), "silence");
            thread.setDaemon(true);
        }

        static Silence of(NodeProcess node) {
            Silence silence = new Silence(node);
            silence.thread.start();
            return silence;
        }

        private void look(NodeProcess node) {
            int last = 0;
            long sinceNanos = System.nanoTime();
            while (!isOver) {
                int delivered = node.see(log -> log.delivered.size());
                long nowNanos = System.nanoTime();
                if (delivered != last) {
                    last = delivered;
                    sinceNanos = nowNanos;
                }
                longestNanos = Math.max(longestNanos, nowNanos - sinceNanos);
                LockSupport.parkNanos(1_000_000);
            }
        }

        long end() throws InterruptedException {
            isOver = true;
            thread.join();
            return longestNanos / 1_000_000;
        }
    }
}

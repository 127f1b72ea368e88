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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four hosts that use a group while all hear each other by it, sealed and under load; one of them stops to hear another there. */
class AutoLinkIT {

    private static final int NODES = 4;
    private static final int BYTES = 600;
    private static final Duration NOTICES = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @BeforeEach
    void needsALab() throws InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    @Test
    void whereTheGroupWorksOneWayOnlyTheRingRunsOneByOneAndSaysWhy() throws Exception {
        try (NetLab lab = NetLab.of(NODES);
                Cluster cluster = Cluster.inLabByBoth(folder, lab, NODES)) {
            lab.deafenToGroups(3, 2);
            UnderLoad load = UnderLoad.form(cluster, NODES, BYTES);
            awaitLogged(cluster.node(3), "node 2 is not heard by the group 239.192.7.1:5406");
            awaitByGroup(cluster, false);
            Map<Integer, Integer> configs = new TreeMap<>();
            cluster.nodes()
                    .forEach(node -> configs.put(node.id(), node.configs().size()));

            lab.hear(3);
            awaitByGroup(cluster, true);
            load.awaitProgress(NOTICES, 100, 1, 2, 3, 4);
            lab.deafenToGroups(1, 4);
            awaitByGroup(cluster, false);
            load.awaitProgress(NOTICES, 100, 1, 2, 3, 4);

            for (NodeProcess node : cluster.nodes()) {
                assertThat(node.configsAfter(configs.get(node.id())))
                        .as("configurations at node " + node.id() + "; it logged:\n" + node.stderr())
                        .isEmpty();
                assertThat(node.stderr()).contains("messages go by the group 239.192.7.1:5406");
            }
            awaitLogged(cluster.node(1), "node 4 is not heard by the group");
            load.finish();
        }
    }

    private static void awaitLogged(NodeProcess node, String line) throws Exception {
        Deadline deadline = Deadline.in(NOTICES);
        while (!node.stderr().contains(line)) {
            node.stats(NOTICES);
            assertThat(deadline.millisLeft())
                    .as("node " + node.id() + " logs: " + line + "; it logged:\n" + node.stderr())
                    .isPositive();
        }
    }

    private static void awaitByGroup(Cluster cluster, boolean used) throws Exception {
        for (NodeProcess node : List.copyOf(cluster.nodes())) {
            Deadline deadline = Deadline.in(NOTICES);
            while (node.stats(NOTICES).get(Statistics.LINK_NETWORKS_FAULTY) != (used ? 0 : 1)) {
                assertThat(deadline.millisLeft())
                        .as("node " + node.id() + " uses the group: " + used + "; it logged:\n" + node.stderr())
                        .isPositive();
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four hosts on one switch, multicast, sealed: partitions, loss, pauses. */
class NamespaceIT {

    private static final int BYTES = 600;

    private static final Duration MERGES = Duration.ofSeconds(5);

    /** Token and consensus timeouts, 2.2 s with their defaults, and some more for a machine that is shared. */
    private static final Duration PARTS = Duration.ofSeconds(5);

    private static final List<List<Integer>> HALVES = List.of(List.of(1, 2), List.of(3, 4));

    @TempDir
    Path folder;

    @BeforeEach
    void needsALab() throws InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    @Test
    void partsAndMergesUnderLoad() throws Exception {
        try (NetLab lab = NetLab.of(4);
                Cluster cluster = Cluster.inLab(folder, lab)) {
            UnderLoad load = UnderLoad.form(cluster, 4, BYTES);
            load.partAndMerge(lab, HALVES, PARTS, MERGES);
            load.finish();
        }
    }

    @Test
    void losesATenthOfThePacketsAndNoMember() throws Exception {
        try (NetLab lab = NetLab.of(4);
                Cluster cluster = Cluster.inLab(folder, lab)) {
            UnderLoad load = UnderLoad.form(cluster, 4, BYTES);
            Map<Integer, Integer> configs = new TreeMap<>();
            cluster.nodes()
                    .forEach(node -> configs.put(node.id(), node.configs().size()));
            lab.lose(0.1);
            load.awaitProgress(Duration.ofSeconds(30), 500, 1, 2, 3, 4);
            Deadline.after(Duration.ofSeconds(3), () -> {}).get(10, TimeUnit.SECONDS);
            load.awaitProgress(Duration.ofSeconds(30), 100, 1, 2, 3, 4);
            for (NodeProcess node : cluster.nodes()) {
                assertThat(node.configsAfter(configs.get(node.id())))
                        .as("configurations at node " + node.id() + " under loss; it logged:\n" + node.stderr())
                        .isEmpty();
            }
            Totem.say("10 % loss at every host: " + cluster.node(1).see(log -> log.delivered.size())
                    + " messages, no configuration change");
            load.partAndMerge(lab, HALVES, PARTS, MERGES);
            lab.loseNothing();
            load.finish();
        }
    }

    @Test
    void bearsPausesOfAProcess() throws Exception {
        try (NetLab lab = NetLab.of(4);
                Cluster cluster = Cluster.inLab(folder, lab)) {
            UnderLoad load = UnderLoad.form(cluster, 4, BYTES);
            int victim = 1;
            for (int millis : new int[] {100, 500, 1_000, 2_000, 4_000}) {
                load.pause(victim, millis, Duration.ofSeconds(8));
                victim = victim % 4 + 1;
            }
            load.finish();
        }
    }
}

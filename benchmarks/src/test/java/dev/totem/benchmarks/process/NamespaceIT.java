/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four hosts on one switch, multicast, sealed: partitions, loss, pauses. */
class NamespaceIT {

    private static final Duration FORMS = Duration.ofSeconds(25);
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
            List<Load> loads = formUnderLoad(cluster);
            partAndMerge(lab, cluster);
            finish(cluster, loads);
        }
    }

    @Test
    void losesATenthOfThePacketsAndNoMember() throws Exception {
        try (NetLab lab = NetLab.of(4);
                Cluster cluster = Cluster.inLab(folder, lab)) {
            List<Load> loads = formUnderLoad(cluster);
            Map<Integer, Integer> configs = new TreeMap<>();
            cluster.nodes()
                    .forEach(node -> configs.put(node.id(), node.configs().size()));
            lab.lose(0.1);
            awaitProgress(cluster, Duration.ofSeconds(30), 500, 1, 2, 3, 4);
            Deadline.after(Duration.ofSeconds(3), () -> {}).get(10, TimeUnit.SECONDS);
            awaitProgress(cluster, Duration.ofSeconds(30), 100, 1, 2, 3, 4);
            for (NodeProcess node : cluster.nodes()) {
                assertThat(node.configsAfter(configs.get(node.id())))
                        .as("configurations at node " + node.id() + " under loss; it logged:\n" + node.stderr())
                        .isEmpty();
            }
            Totem.say("10 % loss at every host: " + cluster.node(1).see(log -> log.delivered.size())
                    + " messages, no configuration change");
            partAndMerge(lab, cluster);
            lab.loseNothing();
            finish(cluster, loads);
        }
    }

    @Test
    void bearsPausesOfAProcess() throws Exception {
        try (NetLab lab = NetLab.of(4);
                Cluster cluster = Cluster.inLab(folder, lab)) {
            List<Load> loads = formUnderLoad(cluster);
            int victim = 1;
            for (int millis : new int[] {100, 500, 1_000, 2_000, 4_000}) {
                NodeProcess paused = cluster.node(victim);
                int configs = paused.configs().size();
                paused.signal("STOP");
                Deadline.after(Duration.ofMillis(millis), () -> resume(paused)).get(10, TimeUnit.SECONDS);
                awaitProgress(cluster, Duration.ofSeconds(15), 50, 1, 2, 3, 4);
                cluster.awaitRing(Duration.ofSeconds(8), 1, 2, 3, 4);
                Totem.say("node " + victim + " paused for " + millis + " ms: "
                        + (paused.configs().size() - configs) + " configuration changes there, one ring");
                victim = victim % 4 + 1;
            }
            finish(cluster, loads);
        }
    }

    private static void resume(NodeProcess paused) {
        try {
            paused.signal("CONT");
        } catch (java.io.IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static List<Load> formUnderLoad(Cluster cluster) throws Exception {
        for (int id = 1; id <= 4; id++) {
            cluster.start(id);
        }
        cluster.awaitRing(FORMS, 1, 2, 3, 4);
        List<Load> loads = new ArrayList<>();
        cluster.nodes().forEach(node -> loads.add(Load.on(node, 600)));
        awaitProgress(cluster, Duration.ofSeconds(20), 200, 1, 2, 3, 4);
        return loads;
    }

    private static void partAndMerge(NetLab lab, Cluster cluster) throws Exception {
        lab.partition(HALVES);
        cluster.awaitRing(PARTS, 1, 2);
        cluster.awaitRing(PARTS, 3, 4);
        awaitProgress(cluster, Duration.ofSeconds(10), 100, 1, 2);
        awaitProgress(cluster, Duration.ofSeconds(10), 100, 3, 4);
        lab.heal();
        long healedAtNanos = System.nanoTime();
        cluster.awaitRing(MERGES, 1, 2, 3, 4);
        Totem.say("parted 2|2 under load, both sides went on; one ring again "
                + (System.nanoTime() - healedAtNanos) / 1_000_000 + " ms after healing");
        awaitProgress(cluster, Duration.ofSeconds(10), 100, 1, 2, 3, 4);
    }

    private static void finish(Cluster cluster, List<Load> loads) throws Exception {
        for (Load load : loads) {
            load.finish(Duration.ofSeconds(15));
        }
        cluster.quitAndCheck();
    }

    /** Each of these delivers so many more messages of each of these. */
    private static void awaitProgress(Cluster cluster, Duration time, int messages, int... ids)
            throws InterruptedException {
        Deadline deadline = Deadline.in(time);
        for (int id : ids) {
            int[] before = cluster.node(id).see(log -> log.deliveredBySender.clone());
            cluster.node(id)
                    .await(
                            messages + " more messages of each of " + java.util.Arrays.toString(ids),
                            Duration.ofMillis(deadline.millisLeft()),
                            log -> IntStream.of(ids)
                                    .allMatch(sender -> log.deliveredBySender[sender] >= before[sender] + messages));
        }
    }
}

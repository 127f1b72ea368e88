/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which part decides, and who holds leases, among real processes; all logs are checked. */
class QuorumIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration CHANGES = Duration.ofSeconds(8);
    private static final Duration ANSWERS = Duration.ofSeconds(5);
    private static final String[] SETTINGS = {"quorum=majority:3", "token=500ms"};

    @TempDir
    Path folder;

    @Test
    void onlyTheMajorityDecides() throws Exception {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        try (NetLab lab = NetLab.of(3);
                Cluster cluster = Cluster.inLab(folder, lab, SETTINGS)) {
            form(cluster);

            lab.partition(List.of(List.of(1), List.of(2, 3)));
            cluster.awaitRing(CHANGES, 1);
            cluster.awaitRing(CHANGES, 2, 3);
            assertThat(cluster.node(1).see(NodeLog::isPrimary)).isFalse();
            assertThat(isHeld(cluster.node(1))).isFalse();
            decides(cluster, 2, 3);
            only(cluster.node(1), "minority");
            cluster.node(1).await("a refusal", ANSWERS, log -> log.failed.contains("minority"));
            only(cluster.node(2), "majority");
            cluster.node(2).await("an answer", ANSWERS, log -> log.sent.contains("majority"));

            lab.heal();
            cluster.awaitRing(CHANGES, 1, 2, 3);
            decides(cluster, 1, 2, 3);
            cluster.kill(3);
            cluster.awaitRing(CHANGES, 1, 2);
            decides(cluster, 1, 2);
            cluster.quitAndCheck();
        }
    }

    @Test
    void aStoppedProcessHasNoLeaseWhenItGoesOn() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 3, 192, SETTINGS)) {
            form(cluster);
            for (int stopped = 1; stopped <= 3; stopped++) {
                NodeProcess node = cluster.node(stopped);
                int first = stopped == 1 ? 2 : 1;
                int second = stopped == 3 ? 2 : 3;
                int answers = node.see(log -> log.leases.size());
                node.signal("STOP");
                cluster.awaitRing(CHANGES, first, second);
                decides(cluster, first, second);
                node.tell("{\"op\":\"lease\"}");
                node.signal("CONT");

                node.await("an answer about its lease", ANSWERS, log -> log.leases.size() > answers);
                boolean isHeld = node.see(log -> log.leases.get(answers));
                assertThat(isHeld)
                        .as("lease of node " + stopped + " when it goes on")
                        .isFalse();
                cluster.awaitRing(CHANGES, 1, 2, 3);
                decides(cluster, 1, 2, 3);
                assertThat(node.stats(ANSWERS).ring().pauses()).isPositive();
            }
            cluster.quitAndCheck();
        }
    }

    private static void form(Cluster cluster) throws Exception {
        for (int id = 1; id <= 3; id++) {
            cluster.start(id);
        }
        cluster.awaitRing(FORMS, 1, 2, 3);
        decides(cluster, 1, 2, 3);
    }

    /** These have one primary configuration, and come to hold its leases. */
    private static void decides(Cluster cluster, int... ids) throws InterruptedException {
        for (int id : ids) {
            NodeProcess node = cluster.node(id);
            node.await("a primary configuration", ANSWERS, NodeLog::isPrimary);
            Deadline deadline = Deadline.in(ANSWERS);
            boolean isHeld = isHeld(node);
            while (!isHeld && deadline.millisLeft() > 0) {
                isHeld = isHeld(node);
            }
            assertThat(isHeld).as("node " + id + " holds a lease").isTrue();
        }
    }

    private static boolean isHeld(NodeProcess node) throws InterruptedException {
        int before = node.see(log -> log.leases.size());
        node.tell("{\"op\":\"lease\"}");
        node.await("an answer about its lease", ANSWERS, log -> log.leases.size() > before);
        return node.see(log -> log.leases.get(log.leases.size() - 1));
    }

    private static void only(NodeProcess node, String tag) {
        node.tell("{\"op\":\"send\",\"tag\":\"" + tag + "\",\"data\":\"\",\"only-in-primary\":true}");
    }
}

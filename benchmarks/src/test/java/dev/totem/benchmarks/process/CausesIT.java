/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults among real processes, each named by the configuration that follows, at every member. */
class CausesIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration CHANGES = Duration.ofSeconds(20);
    private static final String SETTING = "token=500ms";

    @TempDir
    Path folder;

    @Test
    void namesWhoStoppedWasKilledCameBackAndLeft() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 3, 192, SETTING)) {
            form(cluster, 3);

            cluster.node(3).signal("STOP");
            told(cluster, "member-silent", 3, 1, 2);
            told(cluster, "token-lost", 0, 1, 2);

            int before = cluster.node(1).configs().size();
            cluster.node(3).signal("CONT");
            cluster.node(1).await("another configuration", CHANGES, log -> log.configs.size() > before);
            told(cluster, "paused", 0, 1, 2, 3);

            cluster.kill(3);
            told(cluster, "member-silent", 3, 1, 2);
            told(cluster, "token-lost", 0, 1, 2);

            cluster.start(3);
            told(cluster, "foreign-ring", 0, 1, 2, 3);

            cluster.node(3).quit();
            told(cluster, "member-left", 3, 1, 2);
        }
    }

    @Test
    void namesFramesUnderAKeyThatIsNotKnown() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 3, 192, SETTING)) {
            form(cluster, 2);
            Path ours = folder.resolve("ours.key");
            Files.move(cluster.key(), ours);
            assertThat(Totem.run(folder, FORMS, "keygen", cluster.key().toString())
                            .status())
                    .isZero();
            cluster.start(3);
            cluster.awaitRing(FORMS, 3);
            Files.move(ours, cluster.key(), StandardCopyOption.REPLACE_EXISTING);

            cluster.kill(2);

            told(cluster, "key-unknown", 0, 1);
            told(cluster, "member-silent", 2, 1);
        }
    }

    @Test
    void namesACutAndTheOtherPartWhenItIsHealed() throws Exception {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        try (NetLab lab = NetLab.of(4);
                Cluster cluster = Cluster.inLab(folder, lab, SETTING)) {
            form(cluster, 4);

            lab.partition(List.of(List.of(1, 2), List.of(3, 4)));
            told(cluster, "member-silent", 3, 1, 2);
            told(cluster, "member-silent", 4, 1, 2);
            told(cluster, "member-silent", 1, 3, 4);
            told(cluster, "token-lost", 0, 1, 2);

            lab.heal();
            told(cluster, "foreign-ring", 0, 1, 2, 3, 4);
        }
    }

    private static void form(Cluster cluster, int nodes) throws Exception {
        for (int id = 1; id <= nodes; id++) {
            cluster.start(id);
        }
        int[] all = java.util.stream.IntStream.rangeClosed(1, nodes).toArray();
        cluster.awaitRing(FORMS, all);
    }

    /**
     * These have a ring of their own, and its configuration has such a cause at each.
     *
     * @param about the node that it is about, or 0
     */
    private static void told(Cluster cluster, String kind, int about, int... members) throws Exception {
        cluster.awaitRing(CHANGES, members);
        for (int member : members) {
            List<JsonNode> causes = cluster.node(member)
                    .see(log -> log.configs.get(log.configs.size() - 1).causes());
            assertThat(causes)
                    .as(
                            "causes at node %d, which logged %s",
                            member, cluster.node(member).stderr())
                    .anyMatch(cause -> cause.path("kind").asText().equals(kind)
                            && (about == 0 || cause.path("node").asInt() == about));
        }
    }
}

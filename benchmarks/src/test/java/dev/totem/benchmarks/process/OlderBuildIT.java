/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.core.Statistics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * This build and an earlier one in one ring, as while a cluster is updated node by node.
 *
 * <p>The earlier one is the first whose Joins say which versions of the wire format it understands and whose commit token says
 * which one the ring speaks: only version 1, as this one does. How a ring takes up a newer one is shown by {@code
 * WireVersionScenariosTest}. Its sources are in the history of this repository; where that is cut off the test is skipped, and says so.
 */
class OlderBuildIT {

    private static final OlderBuild OLDER = new OlderBuild("b4654dad76058b024e93da64839c16404b5f15fe");

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration CHANGES = Duration.ofSeconds(20);
    private static final Duration ANSWERS = Duration.ofSeconds(20);
    private static final int EACH = 50;
    private static final int FRAGMENTED_BYTES = 200_000;

    private static Path olderJar;

    @TempDir
    Path folder;

    private int sent;

    @BeforeAll
    static void build() throws Exception {
        Optional<String> obstacle = OLDER.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        olderJar = OLDER.jar();
    }

    /** @param older which of three nodes: the first makes the commit token and says what the ring speaks */
    @ParameterizedTest(name = "node {0} is of the earlier build")
    @ValueSource(ints = {1, 3})
    void joinSendLeaveAndComeBackTogether(int older) throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 3, 192, "quorum=majority:3", "token=500ms")) {
            for (int id = 1; id <= 3; id++) {
                start(cluster, id, older);
            }
            cluster.awaitRing(FORMS, 1, 2, 3);
            speaksVersionOne(cluster);
            cluster.nodes().forEach(node -> node.tell("{\"op\":\"join\",\"groups\":[\"both\"]}"));
            for (NodeProcess node : cluster.nodes()) {
                node.await(
                        "all three in the group",
                        ANSWERS,
                        log -> log.nodesIn("both").size() == 3);
            }
            sendBothWays(cluster);

            cluster.kill(2);
            cluster.awaitRing(CHANGES, 1, 3);
            sendBothWays(cluster);
            start(cluster, 2, older);
            cluster.awaitRing(CHANGES, 1, 2, 3);
            sendBothWays(cluster);

            cluster.node(older).quit();
            int[] others = {older == 1 ? 2 : 1, older == 3 ? 2 : 3};
            cluster.awaitRing(CHANGES, others);
            start(cluster, older, older);
            cluster.awaitRing(CHANGES, 1, 2, 3);
            speaksVersionOne(cluster);
            sendBothWays(cluster);
            cluster.quitAndCheck();
        }
    }

    private static void start(Cluster cluster, int id, int older) throws Exception {
        if (id == older) {
            cluster.startOf(olderJar, id);
        } else {
            cluster.start(id);
        }
    }

    private static void speaksVersionOne(Cluster cluster) throws InterruptedException {
        for (NodeProcess node : cluster.nodes()) {
            assertThat(node.stats(ANSWERS).get(Statistics.RING_WIRE_VERSION))
                    .as("at node " + node.id())
                    .isEqualTo(1);
        }
    }

    /** Short and long ones, of each guarantee, from all to all. */
    private void sendBothWays(Cluster cluster) throws InterruptedException {
        sent++;
        String[] guarantees = {"fifo", "agreed", "safe"};
        for (NodeProcess node : cluster.nodes()) {
            for (int i = 0; i < EACH; i++) {
                byte[] data = Arrays.copyOf(
                        (node.id() + " " + sent + " " + i).getBytes(StandardCharsets.UTF_8),
                        i == 0 ? FRAGMENTED_BYTES : 20);
                node.send(tag(i), data, guarantees[i % guarantees.length]);
            }
        }
        for (NodeProcess node : cluster.nodes()) {
            for (int i = 0; i < EACH; i++) {
                String tag = tag(i);
                node.await("an answer to " + tag, ANSWERS, log -> log.sent.contains(tag));
            }
        }
    }

    private String tag(int number) {
        return sent + "/" + number;
    }
}

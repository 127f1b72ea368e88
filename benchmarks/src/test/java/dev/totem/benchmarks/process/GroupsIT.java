/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is in a group, as the processes of {@code totem node --json} tell; all logs are checked. */
class GroupsIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration CHANGES = Duration.ofSeconds(20);

    /** Who joins while a ring forms is told in the lists of its members. */
    private static final String JOINED = "joined|merged";

    @TempDir
    Path folder;

    private final Map<Integer, Integer> before = new TreeMap<>();

    @Test
    void joinsLeavesWatchersAndAddressedMessages() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 3, 192)) {
            form(cluster, 3);
            tell(cluster, 1, "{'op':'watch','groups':['room']}");
            tell(cluster, 2, "{'op':'join','groups':['room']}");
            changed(cluster, 1, JOINED, 2);
            tell(cluster, 3, "{'op':'join','groups':['room']}");
            changed(cluster, 1, JOINED, 2, 3);
            changed(cluster, 2, JOINED, 2, 3);

            tell(cluster, 1, "{'op':'members','group':'room'}");
            cluster.node(1).await("an answer", CHANGES, log -> !log.members.isEmpty());
            JsonNode answer = cluster.node(1).see(log -> log.members.get(0));
            assertThat(nodes(answer.path("members"))).containsExactly(2, 3);

            String third = answer.path("members").get(1).toString();
            tell(
                    cluster,
                    1,
                    "{'op':'send','tag':'one','data':'aGVsbG8=','to':[" + third + "],'headers':{'reply-to':'room'}}");
            cluster.node(3).await("what is for node 3", CHANGES, log -> !log.headed.isEmpty());
            JsonNode addressed = cluster.node(3).see(log -> log.headed.get(0));
            assertThat(addressed.path("headers").path("reply-to").asText()).isEqualTo("room");
            assertThat(addressed.path("sender").asInt()).isEqualTo(1);
            cluster.node(1).await("an answer to it", CHANGES, log -> log.sent.contains("one"));

            tell(cluster, 2, "{'op':'leave','groups':['room']}");
            changed(cluster, 1, "left", 3);
            tell(cluster, 2, "{'op':'join','groups':['room']}");
            changed(cluster, 1, JOINED, 2, 3);
            cluster.node(2).quit();
            changed(cluster, 1, "closed", 3);
            cluster.awaitRing(CHANGES, 1, 3);
            cluster.start(2);
            before.remove(2);
            cluster.awaitRing(CHANGES, 1, 2, 3);
            tell(cluster, 2, "{'op':'join','groups':['room']}");
            changed(cluster, 1, JOINED, 2, 3);
            cluster.kill(3);
            changed(cluster, 1, "node-gone", 2);
            cluster.awaitRing(CHANGES, 1, 2);
            for (NodeProcess node : cluster.nodes()) {
                int headed = node.see(log -> log.headed.size());
                assertThat(headed).as("at node " + node.id()).isZero();
            }
            cluster.quitAndCheck();
        }
    }

    @Test
    void aPartitionCutsTheViewsAndAMergeJoinsThem() throws Exception {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        try (NetLab lab = NetLab.of(4);
                Cluster cluster = Cluster.inLab(folder, lab)) {
            form(cluster, 4);
            for (int id = 1; id <= 4; id++) {
                tell(cluster, id, "{'op':'join','groups':['room']}");
            }
            for (int id = 1; id <= 4; id++) {
                changed(cluster, id, JOINED, 1, 2, 3, 4);
            }
            lab.partition(List.of(List.of(1, 2), List.of(3, 4)));
            changed(cluster, 1, "node-gone", 1, 2);
            changed(cluster, 2, "node-gone", 1, 2);
            changed(cluster, 3, "node-gone", 3, 4);
            changed(cluster, 4, "node-gone", 3, 4);
            cluster.awaitRing(CHANGES, 1, 2);
            cluster.awaitRing(CHANGES, 3, 4);
            lab.heal();
            for (int id = 1; id <= 4; id++) {
                changed(cluster, id, "merged", 1, 2, 3, 4);
            }
            cluster.awaitRing(CHANGES, 1, 2, 3, 4);
            cluster.quitAndCheck();
        }
    }

    private static void form(Cluster cluster, int nodes) throws Exception {
        for (int id = 1; id <= nodes; id++) {
            cluster.start(id);
        }
        cluster.awaitRing(FORMS, IntStream.rangeClosed(1, nodes).toArray());
    }

    private static void tell(Cluster cluster, int id, String command) {
        cluster.node(id).tell(command.replace('\'', '"'));
    }

    /** Of the changes of the group that this node was told of after those asked for before, one is this, at a position. */
    private void changed(Cluster cluster, int id, String reasons, int... members) throws Exception {
        int asked = before.getOrDefault(id, 0);
        int[] found = {-1};
        cluster.node(id).await(reasons + " " + Arrays.toString(members), CHANGES, log -> {
            for (int i = asked; i < log.groups.size() && found[0] < 0; i++) {
                if (isChange(log.groups.get(i), reasons, members)) {
                    found[0] = i;
                }
            }
            return found[0] >= 0;
        });
        before.put(id, found[0] + 1);
    }

    private static boolean isChange(JsonNode change, String reasons, int... members) {
        return change.path("group").asText().equals("room")
                && change.path("reason").asText().matches(reasons)
                && nodes(change.path("members"))
                        .equals(IntStream.of(members).boxed().toList())
                && change.path("ring").has("seq")
                && change.has("seq")
                && change.has("index");
    }

    private static List<Integer> nodes(JsonNode members) {
        List<Integer> nodes = new ArrayList<>();
        members.forEach(member -> nodes.add(member.path("node").asInt()));
        return nodes;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeStats;
import dev.totem.core.Statistics;
import dev.totem.security.KeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that change their key while they work.
 *
 * <p>{@code -Dtotem.rekeys=N} makes N switches, a second apart, instead of a few.
 */
class RekeyIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void switchesUnderLoadWithAKillAndAJoinLoseNothing() throws Exception {
        int rekeys = Integer.getInteger("totem.rekeys", 6);
        boolean isPaced = Integer.getInteger("totem.rekeys") != null;
        try (Cluster cluster = Cluster.onLoopback(folder, 3, 192, "token=2s")) {
            Map<Integer, Load> loads = new TreeMap<>();
            for (int id = 1; id <= 3; id++) {
                cluster.start(id);
            }
            cluster.awaitRing(FORMS, 1, 2, 3);
            for (NodeProcess node : cluster.nodes()) {
                loads.put(node.id(), Load.on(node, 700));
            }
            List<NodeStats> lost = new ArrayList<>();
            for (int n = 0; n < rekeys; n++) {
                long startNanos = System.nanoTime();
                int key = KeyFile.add(cluster.key());
                if (n % 6 == 3) {
                    cluster.awaitRing(FORMS, 1, 2, 3);
                    lost.add(cluster.node(3).stats(SOON));
                    loads.remove(3).stop();
                    cluster.kill(3);
                }
                rekey(cluster.node(1 + n % 2), key);
                if (n % 6 == 4) {
                    loads.put(3, Load.on(cluster.start(3), 700));
                }
                if (isPaced) {
                    Deadline.after(
                                    Duration.ofNanos(Math.max(0, 1_000_000_000 - (System.nanoTime() - startNanos))),
                                    () -> {})
                            .get();
                }
            }
            cluster.awaitRing(FORMS, 1, 2, 3);
            for (Load load : loads.values()) {
                load.finish(SOON);
            }
            for (NodeProcess node : cluster.nodes()) {
                NodeStats stats = node.stats(SOON);
                lost.add(stats);
                assertThat(stats.get(Statistics.SEALING_KEY)).isEqualTo(1 + rekeys);
                assertThat(node.errors()).isEmpty();
            }
            assertThat(lost).allSatisfy(stats -> {
                assertThat(stats.get(Statistics.REFUSED_NOT_AUTHENTIC)).isZero();
                assertThat(stats.get(Statistics.REFUSED_MALFORMED)).isZero();
            });
            awaitActive(cluster, 1 + rekeys);
            Totem.say(rekeys + " switches under load with a kill and a join: "
                    + cluster.node(1).see(log -> log.sent.size()) + " sends of node 1, none lost, none refused");
            cluster.quitAndCheck();
        }
    }

    @Test
    void theCommandJoinsSwitchesAndLeaves() throws Exception {
        int[] ports = Cluster.freePorts(4);
        try (Cluster cluster =
                Cluster.onLoopbackWith(ports[3], folder, new int[] {ports[0], ports[1], ports[2]}, 192)) {
            for (int id = 1; id <= 3; id++) {
                cluster.start(id);
            }
            cluster.awaitRing(FORMS, 1, 2, 3);
            Totem.Run add =
                    Totem.run(folder, SOON, "keygen", "--add", cluster.key().toString());
            assertThat(add.out()).as(add.err()).isEqualTo("key 2\n");

            List<String> words = new ArrayList<>(List.of("rekey", "--id", "4", "--bind", "127.0.0.1:" + ports[3]));
            for (int id = 1; id <= 3; id++) {
                words.addAll(List.of("--peer", id + "@127.0.0.1:" + ports[id - 1]));
            }
            words.addAll(List.of(
                    "--key",
                    cluster.key().toString(),
                    "--state-dir",
                    folder.resolve("four").toString()));
            words.addAll(List.of("--members", "4", "2"));
            Totem.Run run = Totem.run(folder, Duration.ofSeconds(60), words.toArray(String[]::new));

            assertThat(run.status()).as(run.err()).isZero();
            assertThat(run.out()).startsWith("all members seal with key 2 since ");
            for (NodeProcess node : cluster.nodes()) {
                assertThat(node.stats(SOON).get(Statistics.SEALING_KEY)).isEqualTo(2);
            }
            cluster.awaitRing(FORMS, 1, 2, 3);
            cluster.quitAndCheck();
        }
    }

    @Test
    void anUnknownKeyIsAnErrorThatNamesWhoLacksIt() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 1, 96)) {
            NodeProcess node = cluster.start(1);
            cluster.awaitRing(FORMS, 1);

            node.tell("{\"op\":\"rekey\",\"tag\":\"t\",\"key\":9}");
            node.await("an error", SOON, log -> !log.errors.isEmpty());

            assertThat(node.errors().get(0).path("tag").asText()).isEqualTo("t");
            assertThat(node.errors().get(0).path("error").asText()).contains("key=9", "node 1");
            cluster.quitAndCheck();
        }
    }

    /** The file is written behind the switch. */
    private static void awaitActive(Cluster cluster, int key) throws Exception {
        String line = "active %03d".formatted(key);
        Deadline deadline = Deadline.in(SOON);
        while (!Files.readString(cluster.key()).contains(line)) {
            assertThat(deadline.millisLeft())
                    .as("until the key file says " + line)
                    .isPositive();
            Deadline.after(Duration.ofMillis(20), () -> {}).get();
        }
    }

    private static void rekey(NodeProcess node, int key) throws Exception {
        node.tell("{\"op\":\"rekey\",\"key\":" + key + "}");
        node.await(
                "all to seal with key " + key,
                SOON,
                log -> !log.errors.isEmpty()
                        || log.rekeyed.stream()
                                .anyMatch(event -> event.path("key").asInt() == key));
        assertThat(node.errors()).isEmpty();
    }
}

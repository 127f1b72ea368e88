/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.benchmarks.process.NodeLog.Config;
import dev.totem.benchmarks.process.NodeLog.Delivered;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes on loopback, sealed. */
class RealRingIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration TOKEN = Duration.ofMillis(500);
    private static final Duration CONSENSUS = Duration.ofMillis(600);

    /** Processes on a machine that others use too. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private static final int[] SIZES = {10, 100, 1_000, 1_400, 10_000, 64_000, 250_000, 1_048_576};
    private static final String[] GUARANTEES = {"agreed", "safe", "fifo"};
    private static final int MESSAGES_EACH = 48;

    @TempDir
    Path folder;

    @Test
    void ordersInterleavedMessagesOfAllSizesAlikeEverywhere() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 3, 384)) {
            for (int id = 1; id <= 3; id++) {
                cluster.start(id);
            }
            cluster.awaitRing(FORMS, 1, 2, 3);

            for (int n = 0; n < MESSAGES_EACH; n++) {
                for (NodeProcess node : cluster.nodes()) {
                    byte[] data = ByteBuffer.allocate(SIZES[(n + node.id()) % SIZES.length])
                            .putInt(node.id())
                            .putInt(n)
                            .array();
                    node.send("m" + n, data, GUARANTEES[n % GUARANTEES.length]);
                }
            }
            for (NodeProcess node : cluster.nodes()) {
                node.await("all messages", Duration.ofSeconds(30), log -> log.delivered.size() >= 3 * MESSAGES_EACH);
                node.await("an answer to all sends", Duration.ofSeconds(10), log -> log.sent.size() == MESSAGES_EACH);
            }

            List<Delivered> order = cluster.node(1).delivered();
            assertThat(order).hasSize(3 * MESSAGES_EACH);
            for (NodeProcess node : cluster.nodes()) {
                assertThat(node.delivered()).isEqualTo(order);
                assertThat(node.firstEvents()).startsWith("ready", "config");
                assertThat(node.configs().get(0).members()).containsExactly(node.id());
                assertThat(node.failedTags()).isEmpty();
            }
            Totem.say(order.size() + " messages from 10 B to 1 MiB with all guarantees: three equal logs");
            cluster.quitAndCheck();
        }
    }

    @Test
    void survivesTheKillOfEachMemberUnderLoad() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 3, 192, "token=" + TOKEN.toMillis() + "ms")) {
            Map<Integer, Load> loads = new TreeMap<>();
            for (int id = 1; id <= 3; id++) {
                cluster.start(id);
            }
            cluster.awaitRing(FORMS, 1, 2, 3);
            for (NodeProcess node : cluster.nodes()) {
                loads.put(node.id(), Load.on(node, 700));
            }
            for (int victim : new int[] {3, 2, 1}) {
                awaitProgress(cluster, 300);
                killAndRestart(cluster, loads, victim);
            }
            awaitProgress(cluster, 300);
            for (Load load : loads.values()) {
                load.finish(Duration.ofSeconds(10));
            }
            cluster.quitAndCheck();
        }
    }

    private static void killAndRestart(Cluster cluster, Map<Integer, Load> loads, int victim) throws Exception {
        int[] survivors = IntStream.rangeClosed(1, 3).filter(id -> id != victim).toArray();
        Map<Integer, Integer> configsBefore = new TreeMap<>();
        for (int id : survivors) {
            configsBefore.put(id, cluster.node(id).configs().size());
        }
        long killedAtNanos = System.nanoTime();
        cluster.kill(victim);
        loads.remove(victim).stop();

        cluster.awaitRing(TOKEN.plus(CONSENSUS).plus(MARGIN), survivors);
        long tookMillis = (System.nanoTime() - killedAtNanos) / 1_000_000;
        for (int id : survivors) {
            List<Config> since = cluster.node(id).configsAfter(configsBefore.get(id));
            assertThat(since).extracting(Config::regular).containsExactly(false, true);
            assertThat(since.get(0).left()).containsExactly(victim);
            assertThat(since.get(0).members()).isEqualTo(since.get(1).members());
        }

        long restartedAtNanos = System.nanoTime();
        NodeProcess again = cluster.start(victim);
        again.await("ready", Duration.ofSeconds(15), log -> log.kinds.contains("ready"));
        cluster.awaitRing(Duration.ofSeconds(5), 1, 2, 3);
        Totem.say(
                "kill -9 of node " + victim + ": the others went on after " + tookMillis + " ms; restarted and merged "
                        + (System.nanoTime() - restartedAtNanos) / 1_000_000 + " ms later, JVM start included");
        loads.put(victim, Load.on(again, 700));
    }

    /** Each member delivers so many more messages of each. */
    private static void awaitProgress(Cluster cluster, int messages) throws InterruptedException {
        for (NodeProcess node : cluster.nodes()) {
            int[] before = node.see(log -> log.deliveredBySender.clone());
            node.await(
                    messages + " more messages of each member",
                    Duration.ofSeconds(20),
                    log -> IntStream.rangeClosed(1, 3)
                            .allMatch(sender -> log.deliveredBySender[sender] >= before[sender] + messages));
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.benchmarks.process.NodeLog.Delivered;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SixteenNodesIT {

    private static final int NODES = 16;
    private static final int MESSAGES_EACH = 10;

    @TempDir
    Path folder;

    @Test
    void formOneRingAndOrderMessagesFromAll() throws Exception {
        long startNanos = System.nanoTime();
        try (Cluster cluster = Cluster.onLoopback(folder, NODES, 64, "token=4s", "join=200ms")) {
            int[] all = IntStream.rangeClosed(1, NODES).toArray();
            for (int id : all) {
                cluster.start(id);
            }
            cluster.awaitRing(Duration.ofMinutes(2), all);
            Totem.say("sixteen processes in one ring after " + (System.nanoTime() - startNanos) / 1_000_000 + " ms");

            for (int n = 0; n < MESSAGES_EACH; n++) {
                for (NodeProcess node : cluster.nodes()) {
                    byte[] data =
                            ByteBuffer.allocate(100).putInt(node.id()).putInt(n).array();
                    node.send("m" + n, data, n % 2 == 0 ? "agreed" : "safe");
                }
            }
            for (NodeProcess node : cluster.nodes()) {
                node.await(
                        "all messages", Duration.ofSeconds(20), log -> log.delivered.size() >= NODES * MESSAGES_EACH);
            }

            List<Delivered> order = cluster.node(1).delivered();
            for (NodeProcess node : cluster.nodes()) {
                assertThat(node.delivered()).isEqualTo(order);
            }
            assertThat(order.stream().map(Delivered::sender).distinct()).hasSize(NODES);
            Totem.say(order.size() + " messages from sixteen senders: sixteen equal logs");
        }
    }
}

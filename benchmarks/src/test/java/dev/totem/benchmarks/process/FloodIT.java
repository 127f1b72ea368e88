/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeStats;
import dev.totem.core.Statistics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stranger pours datagrams over a ring under load.
 *
 * <p>{@code -Dtotem.flood.seconds=N} makes the two windows, without and with him, longer: on a machine that does nothing else
 * their ratio is what he costs.
 */
class FloodIT {

    private static final int PER_SECOND = 50_000;
    private static final Duration WINDOW = Duration.ofSeconds(Integer.getInteger("totem.flood.seconds", 4));
    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int OVERHEARD = 200;

    @TempDir
    Path folder;

    @Test
    @Tag("F3")
    void noConfigurationChangesAndAllGoOn() throws Exception {
        int[] ports = Cluster.freePorts(3);
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        try (Cluster cluster = Cluster.onLoopbackWith(port, folder, ports, 192, "token=4s")) {
            for (int id = 1; id <= 3; id++) {
                cluster.start(id);
            }
            cluster.awaitRing(FORMS, 1, 2, 3);
            Map<Integer, Load> loads = new TreeMap<>();
            for (NodeProcess node : cluster.nodes()) {
                loads.put(node.id(), Load.on(node, 500));
            }
            List<byte[]> overheard = overhear(channel);
            Map<Integer, Integer> configs = new TreeMap<>();
            for (NodeProcess node : cluster.nodes()) {
                configs.put(node.id(), node.configs().size());
            }
            double quiet = deliveriesPerSecond(cluster.node(1));

            long sent;
            double flooded;
            List<InetSocketAddress> targets = IntStream.of(ports)
                    .mapToObj(target -> new InetSocketAddress(InetAddress.getLoopbackAddress(), target))
                    .toList();
            try (Stranger stranger = new Stranger(channel, targets, overheard, PER_SECOND)) {
                long startNanos = System.nanoTime();
                flooded = deliveriesPerSecond(cluster.node(1));
                sent = stranger.sent() * 1_000_000_000L / (System.nanoTime() - startNanos);
                for (NodeProcess node : cluster.nodes()) {
                    int before = node.see(log -> log.delivered.size());
                    node.await("deliveries in the flood", SOON, log -> log.delivered.size() > before + 50);
                }
            }
            for (Load load : loads.values()) {
                load.finish(SOON);
            }

            long refused = 0;
            for (NodeProcess node : cluster.nodes()) {
                NodeStats stats = node.stats(SOON);
                refused += stats.get(Statistics.REFUSED_NOT_AUTHENTIC)
                        + stats.get(Statistics.REFUSED_REPLAYED)
                        + stats.get(Statistics.REFUSED_MALFORMED)
                        + stats.get(Statistics.REFUSED_OTHER_RECEIVER)
                        + stats.get(Statistics.LINK_READS_MISADDRESSED);
                assertThat(node.configs()).hasSize(configs.get(node.id()));
                assertThat(node.errors()).isEmpty();
            }
            assertThat(refused).as("of %s a second", sent).isGreaterThan(sent);
            Totem.say(
                    "%,d datagrams a second of a stranger: no configuration change, %,d frames refused; %,.0f deliveries a"
                                    .formatted(sent, refused, flooded)
                            + " second, without him %,.0f: %.2f".formatted(quiet, flooded / quiet));
            cluster.restartAll(FORMS);
            cluster.quitAndCheck();
        }
    }

    private static double deliveriesPerSecond(NodeProcess node) throws Exception {
        int before = node.see(log -> log.delivered.size());
        long startNanos = System.nanoTime();
        Deadline.after(WINDOW, () -> {}).get();
        return (node.see(log -> log.delivered.size()) - before) * 1e9 / (System.nanoTime() - startNanos);
    }

    /** What the nodes send to the stranger, whom they take for their fourth peer. */
    private static List<byte[]> overhear(DatagramChannel channel) throws Exception {
        List<byte[]> frames = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (frames.size() < OVERHEARD) {
            channel.receive(buffer.clear());
            frames.add(Arrays.copyOf(buffer.array(), buffer.position()));
        }
        return frames;
    }
}

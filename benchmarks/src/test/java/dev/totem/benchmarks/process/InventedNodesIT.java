/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.spi.SealHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes without encryption and with little heap, to whose group somebody sends well-formed messages of ever more nodes.
 * {@code -Dtotem.seconds=N} keeps him for longer than five seconds.
 */
class InventedNodesIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final int HEAP_MEGABYTES = 96;
    private static final int PER_SECOND = 60_000;
    private static final int SECONDS = Integer.getInteger("totem.seconds", 5);

    /** Most are of a ring that nobody knows, and mean nothing; each of these says that there is another ring. */
    private static final int MERGE_DETECT_EVERY = 2_000;

    private static final byte MERGE_DETECT = 7;
    private static final byte HOLD_CANCEL = 8;
    private static final int HEADER_AND_RING = 26;
    private static final byte VERSION = 1;

    @TempDir
    Path folder;

    private final Random random = new Random(6);

    @Test
    @Tag("F6")
    void neitherFillTheMemoryNorKeepTheRingFromComingBack() throws Exception {
        int[] ports = Cluster.freePorts(3);
        InetSocketAddress group = new InetSocketAddress("239.192.7.6", ports[2]);
        try (Cluster cluster = Cluster.plainByGroup(
                group.getHostString() + ":" + group.getPort(), folder, ports, HEAP_MEGABYTES, "token=2s")) {
            cluster.start(1);
            cluster.start(2);
            cluster.awaitRing(FORMS, 1, 2);

            long sent = invent(group);

            for (NodeProcess node : cluster.nodes()) {
                boolean hasEnded = node.see(log -> log.closed);
                assertThat(hasEnded).as(node.stderr()).isFalse();
            }
            cluster.awaitRing(FORMS, 1, 2);
            for (NodeProcess node : cluster.nodes()) {
                node.send("after", new byte[100], "safe");
                node.await("an answer", FORMS, log -> log.sent.contains("after"));
                assertThat(node.stderr()).doesNotContain("OutOfMemoryError");
            }
            cluster.restartAll(FORMS);
            Totem.say("messages of %,d invented nodes in %d s to nodes with %d MB: no process ended"
                    .formatted(sent, SECONDS, HEAP_MEGABYTES));
        }
    }

    private long invent(InetSocketAddress group) throws Exception {
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            channel.bind(new InetSocketAddress(loopback, 0));
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByInetAddress(loopback));
            long start = System.nanoTime();
            long sent = 0;
            for (long now = start; now - start < SECONDS * 1_000_000_000L; now = System.nanoTime()) {
                if (sent > (now - start) / 1e9 * PER_SECOND) {
                    LockSupport.parkNanos(100_000);
                } else {
                    sent++;
                    channel.send(message(sent % MERGE_DETECT_EVERY == 0 ? MERGE_DETECT : HOLD_CANCEL), group);
                }
            }
            return sent;
        }
    }

    private ByteBuffer message(byte type) {
        int origin = 1_000 + random.nextInt(Integer.MAX_VALUE - 1_000);
        int bytes = SealHeader.BYTES + HEADER_AND_RING + (type == MERGE_DETECT ? 3 * Integer.BYTES : 0);
        ByteBuffer frame = ByteBuffer.allocate(bytes);
        new SealHeader(0, 0, SealHeader.clusterTag("totem"), NodeId.of(origin))
                .write(frame, bytes, random.nextLong(), 0);
        frame.put(type).put(VERSION).putInt(origin).putLong(random.nextLong());
        frame.putInt(origin).putLong(1 + random.nextInt(1_000));
        if (type == MERGE_DETECT) {
            frame.putInt(1).putInt(0).putInt(origin);
        }
        return frame.flip();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.spi.SealHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes without encryption, and somebody between them: nobody ends, and when he is gone all are one ring, to which
 * sends go on, also after a restart of all. {@code -Dtotem.seconds=150} keeps him for longer than ten seconds.
 */
@Tag("F5")
class HostileIT {

    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("totem.seconds", 10));
    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final double RATE = 0.03;
    private static final int PER_SECOND = 500;
    private static final long[] EDGES = {
        0, 1, -1, 2_000_000_000, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 7
    };
    private static final int AFTER = 50;

    @TempDir
    Path folder;

    private final Random random = new Random(14);
    private final AtomicLong spoilt = new AtomicLong();
    private final List<Load> loads = new ArrayList<>();
    private Recorder between;
    private Cluster cluster;

    @BeforeEach
    void aRingUnderLoad() throws Exception {
        int[] ports = Cluster.freePorts(3);
        between = new Recorder(ports);
        cluster = Cluster.plainThrough(between, folder, ports, 192, "token=500ms");
        for (int id = 1; id <= 3; id++) {
            cluster.start(id);
        }
        cluster.awaitRing(FORMS, 1, 2, 3);
        for (NodeProcess node : cluster.nodes()) {
            loads.add(Load.paced(node, 500, Duration.ofMillis(2)));
        }
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
        between.close();
    }

    @Test
    void whoSpoilsDatagramsEndsNobody() throws Exception {
        between.change(this::some);
        Deadline.after(TIME, () -> {}).get();
        between.change(bytes -> bytes);

        goesOn();
        say(spoilt.get() + " datagrams spoilt");
    }

    @Test
    void whoSendsWhatHeMakesOfMessagesEndsNobody() throws Exception {
        Forger forger = new Forger(random);
        between.change(datagram -> {
            forger.hear(datagram);
            return datagram;
        });
        long endNanos = System.nanoTime() + TIME.toNanos();
        long sent = 0;
        while (System.nanoTime() < endNanos) {
            // Few at once, so that they are about the ring that there is.
            List<Recorder.Datagram> forged = forger.make(PER_SECOND / 20);
            between.play(forged, PER_SECOND);
            sent += forged.size();
        }
        between.change(bytes -> bytes);

        assertThat(sent).isGreaterThan(PER_SECOND * TIME.toSeconds() / 2);
        goesOn();
        say(sent + " messages forged, each for two nodes");
    }

    private void goesOn() throws Exception {
        for (Load load : loads) {
            load.stop();
        }
        for (NodeProcess node : cluster.nodes()) {
            boolean hasEnded = node.see(log -> log.closed);
            assertThat(hasEnded).as("node " + node.id() + ": " + node.stderr()).isFalse();
        }
        cluster.awaitRing(FORMS, 1, 2, 3);
        for (NodeProcess node : cluster.nodes()) {
            int answers = node.see(log -> log.sent.size());
            assertThat(answers).isPositive();
            for (int n = 0; n < AFTER; n++) {
                node.send("after-" + n, afterwards(node.id(), n), "agreed");
            }
        }
        for (NodeProcess node : cluster.nodes()) {
            node.await("an answer to the last send", FORMS, log -> log.sent.contains("after-" + (AFTER - 1)));
        }
        allDeliverTheSame();
    }

    private void allDeliverTheSame() throws Exception {
        Set<Integer> after = new HashSet<>();
        for (NodeProcess node : cluster.nodes()) {
            for (int n = 0; n < AFTER; n++) {
                after.add(Arrays.hashCode(afterwards(node.id(), n)));
            }
        }
        for (NodeProcess node : cluster.nodes()) {
            node.await(
                    "all that was sent afterwards", FORMS, log -> of(after, log).size() == after.size());
        }
        List<Integer> order = cluster.node(1).see(log -> of(after, log));
        for (NodeProcess node : cluster.nodes()) {
            List<Integer> seen = node.see(log -> of(after, log));
            assertThat(seen).as("what node %s delivers", node.id()).isEqualTo(order);
        }
    }

    private void say(String what) throws Exception {
        NodeProcess first = cluster.node(1);
        Totem.say("%s in %s: no process ended; node 1 has %,d configurations, %,d deliveries"
                .formatted(what, TIME, first.configs().size(), first.delivered().size()));
        cluster.restartAll(FORMS);
    }

    private static byte[] afterwards(int id, int n) {
        return ("after " + id + " " + n).getBytes(StandardCharsets.UTF_8);
    }

    private static List<Integer> of(Set<Integer> hashes, NodeLog log) {
        return log.delivered.stream()
                .map(NodeLog.Delivered::contentHash)
                .filter(hashes::contains)
                .toList();
    }

    private byte[] some(byte[] datagram) {
        if (random.nextDouble() >= RATE || datagram.length <= SealHeader.BYTES + 2) {
            return datagram;
        }
        spoilt.incrementAndGet();
        byte[] changed = datagram.clone();
        int at = SealHeader.BYTES + 2 + random.nextInt(Math.min(100, changed.length - SealHeader.BYTES - 2));
        long edge = random.nextInt(3) == 0 ? random.nextLong() : EDGES[random.nextInt(EDGES.length)];
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(edge).array();
        int bytes = Math.min(1 << random.nextInt(4), changed.length - at);
        System.arraycopy(value, Long.BYTES - bytes, changed, at, bytes);
        return changed;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.totem.core.NodeId;
import dev.totem.core.spi.SealSession;
import dev.totem.security.AeadSeal;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others send to a running node: datagrams that are none of its cluster's, lines that are no commands. */
class BadInputIT {

    private static final int DATAGRAMS_PER_SECOND = 10_000;
    private static final Duration STORM = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    @Test
    void datagramsOfOthersChangeNothingButCounters() throws Exception {
        int[] ports = Cluster.freePorts(2);
        try (DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Cluster cluster = Cluster.onLoopbackWith(stranger.getLocalPort(), folder, ports, 192)) {
            InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[0]);
            cluster.start(1);
            cluster.start(2);
            cluster.awaitRing(Duration.ofSeconds(60), 1, 2);
            List<byte[]> overheard = overhear(stranger);
            JsonNode before = stats(cluster.node(1), 1);
            int configs = cluster.node(1).configs().size();
            Load load = Load.on(cluster.node(2), 300);

            int sent = storm(stranger, target, badDatagrams(overheard));

            load.finish(Duration.ofSeconds(10));
            JsonNode after = stats(cluster.node(1), 2);
            assertThat(cluster.node(1).configs().size()).isEqualTo(configs);
            assertThat(cluster.node(1).errors()).isEmpty();
            long counted = grown(before, after);
            assertThat(counted)
                    .as("growth of all counters of drops, of " + sent)
                    .isGreaterThan(sent / 2);
            Totem.say(sent + " bad datagrams in " + STORM.toSeconds() + " s: no configuration change, counted "
                    + counted);
            cluster.quitAndCheck();
        }
    }

    @Test
    void everyBadLineGetsOneErrorEvent() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(folder, 1, 192)) {
            NodeProcess node = cluster.start(1);
            cluster.awaitRing(Duration.ofSeconds(60), 1);
            List<String> lines = List.of(
                    "hello",
                    "{\"op\":\"send\"",
                    "[]",
                    "{\"op\":\"fly\",\"tag\":\"t3\"}",
                    "{\"op\":\"send\",\"tag\":\"t4\",\"data\":\"*\"}",
                    "{\"op\":\"send\",\"tag\":\"t5\",\"data\":\"" + "A".repeat(1_398_104) + "\"}",
                    "{\"op\":\"send\",\"tag\":\"t6\",\"data\":\"" + "A".repeat(8_000_000) + "\"}",
                    "{\"op\":\"leave\",\"tag\":\"t7\",\"groups\":[\"never-joined\"]}",
                    "{\"op\":\"join\",\"tag\":\"t8\",\"groups\":[]}",
                    "{\"op\":\"send\",\"tag\":\"t9\",\"data\":\"\",\"guarantee\":\"sure\"}");

            for (int n = 0; n < lines.size(); n++) {
                int errors = n + 1;
                node.tell(lines.get(n));
                node.await("error " + errors, Duration.ofSeconds(10), log -> log.errors.size() == errors);
            }
            node.send("good", "hello".getBytes(StandardCharsets.UTF_8), "agreed");
            node.await("sent", Duration.ofSeconds(5), log -> log.sent.contains("good"));

            List<JsonNode> errors = node.errors();
            assertThat(errors).hasSize(lines.size());
            for (int n : new int[] {3, 4, 5, 7, 8, 9}) {
                assertThat(errors.get(n).path("tag").asText()).isEqualTo("t" + n);
            }
            for (int n : new int[] {0, 1, 2, 3, 4, 5, 6, 9}) {
                assertThat(errors.get(n).path("error").asText()).startsWith("line " + (n + 1));
            }
            assertThat(errors.get(1).path("error").asText()).contains("at column ");
            assertThat(errors)
                    .allSatisfy(
                            error -> assertThat(error.path("error").asText()).isNotBlank());
            Totem.say(lines.size() + " bad lines: one error event each, and the node went on");
            cluster.quitAndCheck();
        }
    }

    /** What the nodes sent to the stranger, whom they take for their third peer. */
    private static List<byte[]> overhear(DatagramSocket stranger) throws IOException {
        stranger.setSoTimeout(500);
        List<byte[]> frames = new ArrayList<>();
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        try {
            while (frames.size() < 20) {
                stranger.receive(packet);
                frames.add(Arrays.copyOf(packet.getData(), packet.getLength()));
            }
        } catch (SocketTimeoutException quiet) {
            // what came will do
        }
        assertThat(frames).as("datagrams of the ring").isNotEmpty();
        return frames;
    }

    private List<byte[]> badDatagrams(List<byte[]> frames) throws Exception {
        Random random = new Random(7);
        List<byte[]> bad = new ArrayList<>();
        bad.add(new byte[0]);
        for (int size = 1; size < 1_500; size += 37) {
            byte[] garbage = new byte[size];
            random.nextBytes(garbage);
            bad.add(garbage);
        }
        for (byte[] frame : frames) {
            bad.add(Arrays.copyOf(frame, 1 + random.nextInt(frame.length - 1)));
            byte[] altered = frame.clone();
            altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
            bad.add(altered);
        }
        bad.addAll(foreign());
        return bad;
    }

    /** Frames of a cluster with another key, and of another cluster with its own. */
    private List<byte[]> foreign() throws Exception {
        Path key = folder.resolve("foreign.key");
        assertThat(Totem.run(folder, Duration.ofSeconds(20), "keygen", key.toString())
                        .status())
                .isZero();
        List<byte[]> frames = new ArrayList<>();
        for (String name : List.of("totem", "another")) {
            SealSession session = AeadSeal.fromKeyFile(key).session(NodeId.of(3), name);
            for (int size = 0; size < 1_000; size += 100) {
                ByteBuffer frame = ByteBuffer.allocate(size + session.overheadBytes());
                session.seal(ByteBuffer.wrap(new byte[size]), frame);
                frames.add(frame.array());
            }
            session.close();
        }
        return frames;
    }

    private static int storm(DatagramSocket stranger, InetSocketAddress target, List<byte[]> bad) throws Exception {
        AtomicInteger sent = new AtomicInteger();
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        try {
            ScheduledFuture<?> ticks = pace.scheduleAtFixedRate(
                    () -> {
                        for (int i = 0; i < DATAGRAMS_PER_SECOND / 1_000; i++) {
                            send(stranger, target, bad.get(sent.getAndIncrement() % bad.size()));
                        }
                    },
                    0,
                    1,
                    TimeUnit.MILLISECONDS);
            Deadline.after(STORM, () -> ticks.cancel(false)).get(20, TimeUnit.SECONDS);
        } finally {
            pace.shutdown();
            pace.awaitTermination(5, TimeUnit.SECONDS);
        }
        assertThat(sent.get()).isGreaterThan(DATAGRAMS_PER_SECOND);
        return sent.get();
    }

    private static void send(DatagramSocket socket, InetSocketAddress target, byte[] bytes) {
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, target));
        } catch (IOException full) {
            throw new IllegalStateException(full);
        }
    }

    private static JsonNode stats(NodeProcess node, int answers) throws InterruptedException {
        node.tell("{\"op\":\"stats\"}");
        node.await("stats", Duration.ofSeconds(5), log -> log.stats.size() == answers);
        return node.see(log -> log.stats.get(answers - 1));
    }

    /** By how much the counters of what was thrown away have grown, whatever their names. */
    private static long grown(JsonNode before, JsonNode after) {
        long grown = 0;
        for (Map.Entry<String, JsonNode> field : after.properties()) {
            if (field.getKey().matches(".*(drop|refus|malform|authentic|other|foreign|invalid).*")) {
                grown += field.getValue().asLong() - before.path(field.getKey()).asLong();
            }
        }
        return grown;
    }
}

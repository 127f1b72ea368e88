/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.SealHeader;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeySource;
import dev.totem.transport.UdpTotem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Somebody without the key who hears a multicast group on loopback, and sends to it and to its members. Real sockets. */
class StrangerAtTheGroupIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NODES = 3;
    private static final int THEFTS = 25;
    private static final Duration PAUSE = Duration.ofMillis(200);

    @TempDir
    Path folder;

    private final byte[] key = new byte[32];
    private final Map<Integer, TotemNode> nodes = new TreeMap<>();
    private final Map<Integer, AtomicInteger> changes = new ConcurrentHashMap<>();
    private final AtomicReference<StealingLink> firstLink = new AtomicReference<>();
    private final List<Disposable> loads = new ArrayList<>();
    private InetSocketAddress group;
    private int firstPort;
    private DatagramChannel stranger;

    @BeforeEach
    void aRingByMulticast() throws Exception {
        new Random(22).nextBytes(key);
        int[] ports = Cluster.freePorts(2);
        firstPort = ports[0];
        group = new InetSocketAddress("239.192.7.22", ports[1]);
        stranger = DatagramChannel.open(StandardProtocolFamily.INET);
        stranger.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        stranger.setOption(
                StandardSocketOptions.IP_MULTICAST_IF,
                NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));
        stranger.configureBlocking(false);
        for (int id = 1; id <= NODES; id++) {
            start(id);
        }
        awaitMembers(NODES);
    }

    @AfterEach
    void end() throws IOException {
        loads.forEach(Disposable::dispose);
        for (TotemNode node : nodes.values()) {
            node.leave().block(LIMIT);
        }
        stranger.close();
    }

    @Test
    @Tag("F1")
    void framesThatANodeHasMissedSentFromElsewhereMoveNobody() throws Exception {
        nodes.values().forEach(this::load);
        Map<Integer, Integer> before = changesNow();
        List<byte[]> got = new ArrayList<>();
        InetSocketAddress victim = new InetSocketAddress(InetAddress.getLoopbackAddress(), firstPort);

        for (int theft = 0; theft < THEFTS; theft++) {
            byte[] missed = firstLink.get().steal();
            stranger.send(ByteBuffer.wrap(missed), victim);
            Deadline.after(PAUSE, () -> {}).get();
            got.addAll(received());
        }

        assertThat(changesNow()).as("configurations").isEqualTo(before);
        assertThat(got)
                .isNotEmpty()
                .allSatisfy(frame -> assertThat(SealHeader.kindAt(ByteBuffer.wrap(frame), 0))
                        .as("nothing but questions goes there")
                        .isEqualTo(SealHeader.KIND_CHALLENGE));
        aRestartWorks();
        Totem.say(THEFTS + " frames that node 1 missed, sent from elsewhere: no configuration change, " + got.size()
                + " questions to there, nothing else");
    }

    @Test
    @Tag("F7")
    void recordedFramesOfEndedLivesAreAskedAboutOnceByTheWholeRing() throws Exception {
        List<byte[]> recording = new ArrayList<>();
        try (DatagramChannel ear = DatagramChannel.open(StandardProtocolFamily.INET)) {
            ear.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            ear.bind(group);
            ear.join(group.getAddress(), NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));
            ear.configureBlocking(false);
            Set<Long> lives = new HashSet<>();
            for (int life = 0; life < 4; life++) {
                start(NODES + 1);
                awaitMembers(NODES + 1);
                nodes.remove(NODES + 1).leave().block(LIMIT);
                awaitMembers(NODES);
                for (byte[] frame : received(ear)) {
                    ByteBuffer bytes = ByteBuffer.wrap(frame);
                    if (SealHeader.senderAt(bytes, 0) == NODES + 1 && lives.add(SealHeader.lifeAt(bytes, 0))) {
                        recording.add(frame);
                    }
                }
            }
        }
        assertThat(recording).hasSize(4);
        Map<Integer, Integer> before = changesNow();

        // The members that ran when a life did know its numbers; one that has started since does not.
        nodes.remove(1).leave().block(LIMIT);
        start(1);
        nodes.remove(2).leave().block(LIMIT);
        start(2);
        nodes.remove(3).leave().block(LIMIT);
        start(3);
        awaitMembers(NODES);
        received();
        for (byte[] frame : recording) {
            stranger.send(ByteBuffer.wrap(frame), group);
            Deadline.after(PAUSE, () -> {}).get();
        }
        int challenges = received().size();

        assertThat(before).isNotEmpty();
        assertThat(challenges).as("questions of all together").isLessThanOrEqualTo(recording.size());
        aRestartWorks();
        Totem.say(recording.size() + " recorded frames of ended lives to a group of " + NODES + ": " + challenges
                + " questions to where they seem to come from");
    }

    /** All leave and start on what they have stored. */
    private void aRestartWorks() throws Exception {
        loads.forEach(Disposable::dispose);
        for (int id = 1; id <= NODES; id++) {
            nodes.remove(id).leave().block(LIMIT);
        }
        for (int id = 1; id <= NODES; id++) {
            start(id);
        }
        awaitMembers(NODES);
        nodes.get(1)
                .openHandle()
                .send(Message.to("lab").payload(new byte[100]).safe())
                .block(LIMIT);
    }

    private void start(int id) {
        AtomicInteger count = changes.computeIfAbsent(id, any -> new AtomicInteger());
        UdpTotem totem = UdpTotem.create()
                .nodeId(id)
                .bind("127.0.0.1", id == 1 ? firstPort : 0)
                .multicast(group.getHostString(), group.getPort())
                .seal(AeadSeal.from(KeySource.key(key)))
                .stateDirectory(folder.resolve("state"))
                .config(config -> config.token(Duration.ofSeconds(2)))
                .onBound(node -> node.openHandle()
                        .events()
                        .subscribe(
                                event -> {
                                    if (event instanceof ConfigChange) {
                                        count.incrementAndGet();
                                    }
                                },
                                ended -> {}));
        if (id == 1) {
            totem = totem.link(link -> {
                StealingLink stealing = new StealingLink(link, 2);
                firstLink.set(stealing);
                return stealing;
            });
        }
        nodes.put(id, totem.start().block(LIMIT));
    }

    private void load(TotemNode node) {
        EvsHandle handle = node.openHandle();
        loads.add(handle.join("lab")
                .thenMany(Flux.interval(Duration.ofMillis(2))
                        .onBackpressureDrop()
                        .concatMap(n -> handle.send(Message.to("lab").payload(new byte[500])), 1))
                .subscribe(sent -> {}, ended -> {}));
    }

    private Map<Integer, Integer> changesNow() {
        Map<Integer, Integer> now = new TreeMap<>();
        changes.forEach((id, count) -> now.put(id, count.get()));
        return now;
    }

    private void awaitMembers(int members) throws Exception {
        Deadline deadline = Deadline.in(LIMIT);
        while (!nodes.values().stream()
                .allMatch(node -> node.membership().members().size() == members)) {
            assertThat(deadline.millisLeft()).as("a ring of " + members).isPositive();
            Deadline.after(Duration.ofMillis(20), () -> {}).get();
        }
        Deadline.after(PAUSE, () -> {}).get();
        assertThat(nodes.values())
                .allSatisfy(
                        node -> assertThat(node.membership().members().stream().map(NodeId::value))
                                .hasSize(members));
    }

    private List<byte[]> received() throws IOException {
        return received(stranger);
    }

    private static List<byte[]> received(DatagramChannel channel) throws IOException {
        List<byte[]> all = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (channel.receive(buffer.clear()) != null) {
            all.add(Arrays.copyOf(buffer.array(), buffer.position()));
        }
        return all;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Replication;
import dev.totem.core.Settings;
import dev.totem.security.AeadSeal;
import dev.totem.transport.Network;
import dev.totem.transport.Peer;
import dev.totem.transport.UdpTotem;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** Makes each situation happen. */
final class Scenes {

    private static final String PLAIN = "--suite none";
    private static final String GROUP = "239.192.7.9";
    private static final int GROUP_PORT = 15_411;
    private static final String IN_GROUP = " --mcast " + GROUP + ":" + GROUP_PORT;

    private final Lab lab;
    private final KeyScenes keys;

    Scenes(Lab lab) {
        this.lab = lab;
        this.keys = new KeyScenes(lab);
    }

    Scene make(Situation situation) throws Exception {
        return switch (situation) {
            case CABLE_CUT -> cableCut();
            case CABLE_WHOLE -> cableWhole();
            case ONE_WAY -> oneWay();
            case KILLED -> killed();
            case STOPPED_PROCESS -> stoppedProcess();
            case PAUSED -> paused();
            case LEFT -> left();
            case NEW_LIFE -> newLife();
            case RECEIVE_OVERRUN -> receiveOverrun();
            case OTHER_KEY -> keys.sealed(AeadSeal.DEFAULT_SUITE, lab.folder.resolve("other.key"));
            case OTHER_KEY_AND_QUORUM -> keys.otherKeyAndQuorum();
            case OTHER_SUITE -> keys.sealed("chacha20-poly1305", lab.folder.resolve("our.key"));
            case SETTINGS_DIFFER -> settingsDiffer();
            case QUORUM_DIFFERS -> quorumDiffers();
            case TOO_FEW -> Scene.at(withQuorum(1, "majority:3"));
            case NOT_HEARD_BACK -> keys.notHeardBack();
            case KEY_LACKING -> keys.keyLacking();
            case TWIN -> twin();
            case TWIN_AMONG_PEERS -> twinAmongPeers();
            case PEER_UNLISTED -> peerUnlisted();
            case OTHER_CLUSTER -> otherCluster();
            case HELD_BACK -> heldBack();
            case NETWORK_FAULTY -> networkFaulty();
            case PEER_WITHOUT_ADDRESS -> peerWithoutAddress();
            case ID_IN_USE -> idInUse();
            case HTTP_TAKEN -> httpTaken();
            case NO_GROUP ->
                Scene.refused("--id 1 --bind 127.0.0.1:5405 --state-dir " + lab.state(1) + " " + PLAIN + IN_GROUP)
                        .inNamespace("ip link set lo up; echo 0 > /proc/sys/net/ipv4/igmp_max_memberships");
            case LONG_FRAMES ->
                Scene.refused("--id 1 --bind 127.0.0.1:5405 --state-dir " + lab.state(1)
                                + " --peer 2@127.0.0.1:1 --set netmtu=9000 " + PLAIN)
                        .inNamespace("ip link set lo mtu 1500 up");
            case NO_KEY -> Scene.refused(lab.options(1));
            case SMALL_BUFFERS -> smallBuffers();
            case PORT_TAKEN -> portTaken();
            case NO_ADDRESS -> Scene.refused("--id 1 --bind 192.0.2.77:5405 --peer 2@127.0.0.1:1 " + PLAIN);
            case NO_KEY_FILE -> Scene.refused(lab.options(1) + " --key " + lab.folder.resolve("nowhere"));
            case OPEN_KEY_FILE -> keys.openKeyFile();
            case NO_STATE -> noState();
            case TOO_MUCH_MEMORY ->
                Scene.refused(lab.options(1) + " --suite none --set memory=64M").inJvm("-Xmx96m");
            case WRONG_SETTING -> Scene.refused(lab.options(1) + " --suite none --set token=5ms");
        };
    }

    private List<Member> ring(Member... members) {
        int[] ids = List.of(members).stream()
                .mapToInt(member -> member.node.id().value())
                .toArray();
        Lab.awaitRing(List.of(members), ids);
        lab.fault(members);
        return List.of(members);
    }

    private Member withQuorum(int id, String quorum) throws IOException {
        return lab.start(
                id,
                udp -> udp.config(config -> config.set(Settings.QUORUM, quorum)),
                "--suite none --quorum " + quorum);
    }

    private Scene cableCut() throws IOException {
        Member first = withQuorum(1, "majority:3");
        Member second = withQuorum(2, "majority:3");
        Member third = withQuorum(3, "majority:3");
        ring(first, second, third);
        third.link.cut(true);
        return Scene.at(third);
    }

    private Scene cableWhole() throws IOException {
        Member first = lab.start(1);
        Member second = lab.start(2);
        Member third = lab.start(3);
        ring(first, second, third);
        third.link.cut(true);
        Lab.awaitRing(List.of(first, second), 1, 2);
        Lab.awaitRing(List.of(third), 3);
        lab.fault(first, second, third);
        third.link.cut(false);
        return Scene.at(first);
    }

    private Scene oneWay() throws IOException {
        Member first = lab.start(1);
        Member third = lab.start(3);
        ring(first, third);
        first.link.deafenTo(lab.port(3));
        return Scene.at(third);
    }

    private Scene killed() throws Exception {
        Member first = lab.start(1);
        Process third = lab.process(3);
        Lab.awaitRing(List.of(first), 1, 3);
        lab.fault(first);
        third.destroyForcibly();
        return Scene.at(first);
    }

    private Scene stoppedProcess() throws Exception {
        Member first = lab.start(1);
        Process third = lab.process(3);
        Lab.awaitRing(List.of(first), 1, 3);
        lab.fault(first);
        Lab.signal("STOP", third);
        Lab.awaitRing(List.of(first), 1);
        Lab.signal("CONT", third);
        Lab.awaitRing(List.of(first), 1, 3);
        return Scene.at(first);
    }

    private Scene paused() throws IOException {
        Member first = lab.start(1);
        Member third = lab.start(3);
        ring(first, third);
        CountDownLatch goOn = third.link.stop();
        Lab.awaitRing(List.of(first), 1);
        goOn.countDown();
        Lab.awaitRing(List.of(first, third), 1, 3);
        return Scene.at(third);
    }

    private Scene left() throws IOException {
        Member first = lab.start(1);
        Member second = lab.start(2);
        Member third = lab.start(3);
        ring(first, second, third);
        third.node.leave().block(Lab.SOON);
        return Scene.at(first);
    }

    /** Its thread ends, as that of a killed process does, and the next life begins at once. */
    private Scene newLife() throws Exception {
        Member first = lab.start(1);
        Member second = lab.start(2);
        Process third = lab.process(3);
        Lab.awaitRing(List.of(first, second), 1, 2, 3);
        lab.fault(first, second);
        third.destroyForcibly().waitFor();
        lab.start(3);
        return Scene.at(first);
    }

    private Scene receiveOverrun() throws IOException {
        Member[] members = new Member[3];
        for (int id = 1; id <= members.length; id++) {
            members[id - 1] = lab.start(
                    id,
                    udp -> udp.config(config -> config.set(Settings.FAIL_RECV_CONST, 50)),
                    PLAIN + " --set fail-recv-const=50");
        }
        ring(members);
        members[2].link.deafenToLonger(600);
        members[0]
                .node
                .openHandle()
                .send(Message.to("long").payload(new byte[1_000]))
                .subscribe(position -> {}, failed -> {});
        return Scene.at(members[0]);
    }

    private Scene settingsDiffer() throws IOException {
        Member first = lab.start(1);
        Member third = lab.start(
                3,
                udp -> udp.config(config -> config.set(Settings.MAX_MESSAGE_SIZE, 2 << 20)),
                PLAIN + " --set max-message-size=2M");
        Lab.awaitRing(List.of(first, third), 1, 3);
        return Scene.at(first);
    }

    private Scene quorumDiffers() throws IOException {
        Member first = withQuorum(1, "majority:3");
        Member third = withQuorum(3, "majority:5");
        Lab.awaitRing(List.of(first, third), 1, 3);
        return Scene.at(first);
    }

    /** A node in the multicast group, and what it is started by. */
    private UnaryOperator<UdpTotem> grouped(String cluster) {
        return udp -> udp.multicast(GROUP, GROUP_PORT).config(config -> config.cluster(cluster));
    }

    private String groupOptions(int id, int port) throws IOException {
        return "--id " + id + " --bind 127.0.0.1:" + port + " --state-dir "
                + Files.createDirectories(lab.folder.resolve("state-of-" + port)) + " " + PLAIN + IN_GROUP;
    }

    private Scene twin() throws Exception {
        Member first = lab.start(1, grouped("totem"), PLAIN);
        Lab.awaitRing(List.of(first), 1);
        String options = groupOptions(1, Lab.freePort());
        Command.process(Lab.java("dev.totem.cli.TotemCommand node --json " + options));
        return Scene.at(first).options(options);
    }

    /** Node 3 hears it where it does not list it; the doctor looks before a third one starts. */
    private Scene twinAmongPeers() throws IOException {
        Member first = lab.start(1);
        Member third = lab.start(3);
        ring(first, third);
        int elsewhere = Lab.freePort();
        Path state = Files.createDirectories(lab.folder.resolve("twin"));
        lab.start(
                1,
                udp -> udp.bind("127.0.0.1", elsewhere).stateDirectory(state),
                PLAIN);
        return Scene.at(third)
                .options("--id 1 --bind 127.0.0.1:" + Lab.freePort() + " --peer 3@127.0.0.1:" + lab.port(3)
                        + " --state-dir " + lab.state(2) + " " + PLAIN);
    }

    private Scene peerUnlisted() throws IOException {
        Member first = lab.start(1, udp -> udp.peers(Peer.of(2, "127.0.0.1", lab.port(2))), PLAIN);
        lab.start(3);
        return Scene.at(first);
    }

    private Scene httpTaken() throws IOException {
        ServerSocket taken = lab.ending(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        return Scene.refused(lab.options(1) + " " + PLAIN + " --http 127.0.0.1:" + taken.getLocalPort());
    }

    private Scene idInUse() throws IOException {
        Member first = lab.start(1, grouped("totem"), PLAIN);
        Lab.awaitRing(List.of(first), 1);
        return Scene.refused(groupOptions(1, Lab.freePort())).inJvm("-Xmx96m");
    }

    private Scene otherCluster() throws IOException {
        Member first = lab.start(1, grouped("totem"), PLAIN);
        lab.start(2, grouped("other"), PLAIN + " --set cluster-name=other");
        return Scene.at(first).options(groupOptions(3, Lab.freePort()));
    }

    private Scene heldBack() throws IOException {
        UnaryOperator<UdpTotem> few = udp -> udp.config(
                config -> config.set(Settings.SUBSCRIBER_EVENTS, 16).set(Settings.STALL_LIMIT, Duration.ofMinutes(1)));
        Member first = lab.start(1, few, PLAIN);
        EvsHandle handle = first.node.openHandle();
        handle.events().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                // takes nothing
            }
        });
        handle.join("flood").block(Lab.SOON);
        Member third = lab.start(3);
        Lab.awaitRing(List.of(first, third), 1, 3);
        EvsHandle sender = third.node.openHandle();
        lab.ending(sender.sendAll(
                        Flux.range(0, 4_096).map(number -> Message.to("flood").payload(new byte[100])))
                .subscribe(position -> {}, failed -> {})::dispose);
        return Scene.at(first);
    }

    private Scene networkFaulty() throws IOException {
        int firstPort = Lab.freePort();
        int thirdPort = Lab.freePort();
        int nobody = Lab.freePort();
        Member first = lab.start(1, udp -> second(udp, firstPort, 3, nobody), PLAIN);
        Member third = lab.start(3, udp -> second(udp, thirdPort, 1, firstPort), PLAIN);
        Lab.awaitRing(List.of(first, third), 1, 3);
        return Scene.at(first);
    }

    private static UdpTotem second(UdpTotem udp, int port, int other, int otherPort) {
        return udp.redundant(
                Replication.PASSIVE, Network.bound("127.0.0.1", port).peers(Peer.of(other, "127.0.0.1", otherPort)));
    }

    private Scene peerWithoutAddress() throws IOException {
        String options = "--id 1 --bind 127.0.0.1:" + lab.port(1) + " --state-dir " + lab.state(1)
                + " --peer 2@nowhere.invalid:5405 --suite none";
        Member first = lab.start(1, udp -> udp.peers(Peer.of(2, "nowhere.invalid", 5_405)), PLAIN);
        return Scene.at(first).options(options);
    }

    private Scene smallBuffers() throws IOException {
        return Scene.at(lab.start(
                1,
                udp -> udp.config(
                        config -> config.set(Settings.WINDOW_SIZE, 65_536).set(Settings.STORE_FRAMES, 262_144)),
                PLAIN + " --set window-size=65536 --set store-frames=262144"));
    }

    private Scene portTaken() throws IOException {
        lab.ending(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), lab.port(1))));
        return Scene.refused(lab.options(1) + " " + PLAIN);
    }

    private Scene noState() throws IOException {
        Path file = Files.createFile(lab.folder.resolve("file"));
        return Scene.refused(
                lab.options(1).replaceAll("--state-dir \\S+", "--state-dir " + file + "/state") + " " + PLAIN);
    }
}

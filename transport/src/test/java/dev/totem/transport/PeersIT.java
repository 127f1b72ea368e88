/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import dev.totem.core.PeerPlace.Source;
import dev.totem.core.PeerStatus;
import dev.totem.core.Replication;
import dev.totem.core.TotemNode;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** {@link TotemNode#peers()} of sealed nodes on sockets. */
class PeersIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String HOST = "127.0.0.1";

    @TempDir
    Path folder;

    private final List<TotemNode> nodes = new ArrayList<>();
    private final List<Integer> ports = TestLinks.freePorts(HOST, 6);

    @BeforeEach
    void makesAKey() {
        KeyFile.create(folder.resolve("key"));
    }

    @AfterEach
    void allLeave() {
        Flux.fromIterable(nodes).flatMap(TotemNode::leave).blockLast(LIMIT);
    }

    private UdpTotem udp(int id) {
        return UdpTotem.create()
                .nodeId(id)
                .bind(HOST, ports.get(id - 1))
                .seal(AeadSeal.fromKeyFile(folder.resolve("key")))
                .stateDirectory(folder.resolve("state"));
    }

    private List<PeerStatus> peersOfFirst(Predicate<List<PeerStatus>> isWanted) {
        return Objects.requireNonNull(Flux.interval(Duration.ofMillis(20))
                .onBackpressureDrop()
                .concatMap(tick -> nodes.get(0).peers())
                .filter(isWanted)
                .next()
                .block(LIMIT));
    }

    private static PeerStatus of(int id, List<PeerStatus> peers) {
        return peers.stream()
                .filter(peer -> peer.node().equals(Optional.of(NodeId.of(id))))
                .findFirst()
                .orElseThrow();
    }

    /** Two members, each measured on so many networks. */
    private static boolean isMeasured(List<PeerStatus> peers, int networks) {
        return peers.stream()
                        .filter(PeerStatus::isMember)
                        .filter(peer -> peer.places().stream()
                                        .filter(place -> place.roundTrip().isPresent())
                                        .count()
                                == networks)
                        .count()
                == 2;
    }

    private InetSocketAddress at(int id) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(id - 1));
    }

    private void isAMember(PeerStatus peer, int id, Source source) {
        assertThat(peer.isMember()).isTrue();
        assertThat(peer.isProven()).isTrue();
        assertThat(peer.isAnswering()).isTrue();
        assertThat(peer.roundTrip()).hasValueSatisfying(time -> assertThat(time).isBetween(Duration.ofNanos(1), LIMIT));
        assertThat(peer.places().get(0).address()).contains(at(id));
        assertThat(peer.places().get(0).source()).isEqualTo(source);
    }

    @Test
    void listedPeersAreToldWhetherTheyAnswerOrNot() {
        Peer[] all = {
            Peer.of(1, HOST, ports.get(0)),
            Peer.of(2, HOST, ports.get(1)),
            Peer.of(3, HOST, ports.get(2)),
            Peer.of(4, HOST, ports.get(3)),
            Peer.of(5, "nowhere.invalid", 7_400)
        };
        for (int id = 1; id <= 3; id++) {
            nodes.add(udp(id).peers(all).start().block(LIMIT));
        }

        List<PeerStatus> peers = peersOfFirst(now -> isMeasured(now, 1));

        assertThat(peers)
                .extracting(peer -> peer.node().map(NodeId::value).orElse(0))
                .containsExactly(2, 3, 4, 5);
        isAMember(of(2, peers), 2, Source.LISTED);
        isAMember(of(3, peers), 3, Source.LISTED);
        PeerStatus missing = of(4, peers);
        assertThat(missing.isMember()).isFalse();
        assertThat(missing.isProven()).isFalse();
        assertThat(missing.isAnswering()).isFalse();
        assertThat(missing.silence()).isEmpty();
        assertThat(missing.places().get(0).address()).contains(at(4));
        assertThat(of(5, peers).places().get(0).address())
                .contains(InetSocketAddress.createUnresolved("nowhere.invalid", 7_400));
    }

    private static Peer[] upTo(int last, List<Integer> ports) {
        return IntStream.rangeClosed(1, last)
                .mapToObj(id -> Peer.of(id, HOST, ports.get(id - 1)))
                .toArray(Peer[]::new);
    }

    @Test
    void whoIsUnlistedOnAllOfSeveralNetworksIsToldByHealth() {
        List<Integer> second = TestLinks.freePorts(HOST, 2);
        for (int id = 1; id <= 2; id++) {
            nodes.add(udp(id).peers(upTo(id, ports))
                    .redundant(
                            Replication.PASSIVE,
                            Network.bound(HOST, second.get(id - 1)).peers(upTo(id, second)))
                    .start()
                    .block(LIMIT));
        }

        NodeHealth.Reason told = Flux.interval(Duration.ofMillis(20))
                .onBackpressureDrop()
                .flatMapIterable(tick -> nodes.get(0).health().reasons())
                .filter(reason -> reason.code() == NodeHealth.Code.PEER_UNLISTED)
                .blockFirst(LIMIT);

        assertThat(told).isNotNull();
        assertThat(told.text()).startsWith("node 2 speaks from " + HOST);
    }

    @Test
    void byMulticastMembersAreKnownByWhatIsHeard() {
        for (int id = 1; id <= 3; id++) {
            nodes.add(udp(id).multicast("239.192.18.5", ports.get(5)).start().block(LIMIT));
        }

        List<PeerStatus> peers = peersOfFirst(now -> isMeasured(now, 1));

        isAMember(of(2, peers), 2, Source.HEARD);
        isAMember(of(3, peers), 3, Source.HEARD);
    }

    @Test
    void whereDiscoveryLeadsAndNobodyAnswersIsAnAddressWithoutANode() {
        for (int id = 1; id <= 3; id++) {
            nodes.add(udp(id).discover(StaticPeers.of(HOST + ":" + ports.get(id % 3), HOST + ":" + ports.get(4)))
                    .start()
                    .block(LIMIT));
        }

        List<PeerStatus> peers = peersOfFirst(now ->
                isMeasured(now, 1) && now.stream().anyMatch(peer -> peer.node().isEmpty()));

        isAMember(of(2, peers), 2, Source.FOUND);
        assertThat(of(3, peers).places().get(0).source()).isIn(Source.TOLD, Source.HEARD);
        PeerPlace nobody = peers.get(peers.size() - 1).places().get(0);
        assertThat(nobody.address()).contains(at(5));
        assertThat(nobody.source()).isEqualTo(Source.FOUND);
        assertThat(nobody.silence()).isEmpty();
    }

    @Test
    void overTwoNetworksEachMemberHasTwoPlaces() {
        List<Integer> second = TestLinks.freePorts(HOST, 3);
        Peer[] first = new Peer[3];
        Peer[] other = new Peer[3];
        for (int id = 1; id <= 3; id++) {
            first[id - 1] = Peer.of(id, HOST, ports.get(id - 1));
            other[id - 1] = Peer.of(id, HOST, second.get(id - 1));
        }
        for (int id = 1; id <= 3; id++) {
            Network network = Network.bound(HOST, second.get(id - 1)).peers(other);
            nodes.add(udp(id).peers(first)
                    .redundant(Replication.PASSIVE, network)
                    .start()
                    .block(LIMIT));
        }

        List<PeerStatus> peers = peersOfFirst(now -> isMeasured(now, 2));

        assertThat(of(2, peers).places()).extracting(PeerPlace::network).containsExactly(1, 2);
        assertThat(of(2, peers).places().get(1).address())
                .contains(new InetSocketAddress(InetAddress.getLoopbackAddress(), second.get(1)));
    }

    @Test
    void overTcpTooAndAnEndedNodeKnowsNobody() {
        List<Integer> free = TestLinks.freeTcpPorts(HOST, 3);
        Peer[] all = new Peer[3];
        for (int id = 1; id <= 3; id++) {
            all[id - 1] = Peer.of(id, HOST, free.get(id - 1));
        }
        for (int id = 1; id <= 3; id++) {
            nodes.add(TcpTotem.create()
                    .nodeId(id)
                    .bind(HOST, free.get(id - 1))
                    .peers(all)
                    .seal(AeadSeal.fromKeyFile(folder.resolve("key")))
                    .stateDirectory(folder.resolve("state"))
                    .start()
                    .block(LIMIT));
        }

        List<PeerStatus> peers = peersOfFirst(now -> isMeasured(now, 1));
        assertThat(of(3, peers).isAnswering()).isTrue();

        TotemNode ended = nodes.get(0);
        ended.leave().block(LIMIT);
        assertThat(ended.peers().block(LIMIT)).isEmpty();
    }
}

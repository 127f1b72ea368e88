/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import dev.totem.core.PeerPlace.Source;
import dev.totem.core.PeerStatus;
import dev.totem.core.spi.PlainSeal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownPeersTest {

    private static final NodeId SELF = NodeId.of(1);
    private static final NodeId TWO = NodeId.of(2);
    private static final NodeId THREE = NodeId.of(3);

    private final List<PeerPlace> places = new ArrayList<>();

    private final KnownPeers peers = new KnownPeers(
            SELF,
            new LiveNode.NowhereLink() {
                @Override
                public List<PeerPlace> places() {
                    return places;
                }
            },
            PlainSeal.create().session(SELF, "test"));

    private static PeerPlace at(Optional<NodeId> node, int port, Source source) {
        return new PeerPlace(
                node,
                1,
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                source,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void membersComeFirstThenOtherNodesThenAddressesOfNobody() {
        places.add(at(Optional.empty(), 5, Source.FOUND));
        places.add(at(Optional.of(TWO), 2, Source.LISTED));
        places.add(at(Optional.of(THREE), 3, Source.LISTED));
        places.add(at(Optional.of(SELF), 1, Source.HEARD));

        List<PeerStatus> all = peers.list(List.of(SELF, THREE));

        assertThat(all)
                .extracting(PeerStatus::node)
                .containsExactly(Optional.of(THREE), Optional.of(TWO), Optional.empty());
        assertThat(all).extracting(PeerStatus::isMember).containsExactly(true, false, false);
        assertThat(all).noneMatch(PeerStatus::isProven);
    }

    @Test
    void aMemberThatTheLinkDoesNotKnowIsToldAllTheSame() {
        assertThat(peers.list(List.of(SELF, TWO)))
                .containsExactly(new PeerStatus(Optional.of(TWO), true, false, List.of()));
    }

    @Test
    void theNetworksOfANodeAreOnePeer() {
        places.add(at(Optional.of(TWO), 2, Source.LISTED).withRoundTrip(Duration.ofMillis(3)));
        places.add(at(Optional.of(TWO), 4, Source.LISTED).onNetwork(2).withRoundTrip(Duration.ofMillis(1)));

        PeerStatus two = peers.list(List.of(SELF, TWO)).get(0);

        assertThat(two.places()).extracting(PeerPlace::network).containsExactly(1, 2);
        assertThat(two.roundTrip()).contains(Duration.ofMillis(1));
        assertThat(two.silence()).isEmpty();
        assertThat(two.isAnswering()).isFalse();
    }

    @Test
    void strangersPushNobodyOut() {
        for (int port = 1; port <= 3_000; port++) {
            places.add(at(Optional.empty(), port, Source.TOLD));
        }
        places.add(at(Optional.of(TWO), 2, Source.LISTED));

        assertThat(peers.list(List.of(SELF)))
                .hasSize(KnownPeers.MOST)
                .first()
                .matches(peer -> peer.node().isPresent());
    }
}

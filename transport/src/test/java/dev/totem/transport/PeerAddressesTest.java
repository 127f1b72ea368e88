/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PeerAddressesTest {

    private static final NodeId MEMBER = NodeId.of(1);
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private final PeerAddresses addresses = new PeerAddresses();

    @Test
    @Tag("F6")
    void inventedNodesAreForgottenAndMembersAreNot() {
        addresses.proven(NodeId.of(1), HERE, true, 0);
        addresses.partners(List.of(NodeId.of(1), NodeId.of(2)));
        addresses.proven(NodeId.of(2), HERE, true, 0);

        for (int id = 10; id < 100_000; id++) {
            addresses.proven(NodeId.of(id), HERE, true, 0);
        }

        assertThat(addresses.size()).isEqualTo(2 + PeerAddresses.OTHERS_MAX);
        assertThat(addresses.of(NodeId.of(1))).isPresent();
        assertThat(addresses.of(NodeId.of(2))).isPresent();
        assertThat(addresses.of(NodeId.of(10))).isEmpty();
    }

    @Test
    void knowsSinceWhenANodeIsSilentWhereItIs() {
        addresses.proven(MEMBER, HERE, true, 0);
        addresses.learn(MEMBER, HERE, 30);
        addresses.learn(MEMBER, ELSEWHERE, 70);

        assertThat(addresses.known(100))
                .containsExactly(new PeerPlace(
                        Optional.of(MEMBER),
                        1,
                        Optional.of(HERE),
                        PeerPlace.Source.HEARD,
                        Optional.of(Duration.ofNanos(70)),
                        Optional.empty()));
    }

    @Test
    void whoLeavesTheRingIsStillKnown() {
        addresses.partners(List.of(NodeId.of(1)));
        addresses.proven(NodeId.of(1), HERE, true, 0);

        addresses.partners(List.of());

        assertThat(addresses.of(NodeId.of(1))).contains(List.of(HERE));
    }

    @Test
    @Tag("D4")
    void theSameAddressOnAnotherInterfaceIsAnotherOne() throws UnknownHostException {
        addresses.proven(NodeId.of(1), linkLocal(2), true, 0);

        addresses.proven(NodeId.of(1), linkLocal(3), true, 0);

        Inet6Address known =
                (Inet6Address) addresses.of(NodeId.of(1)).orElseThrow().get(0).getAddress();
        assertThat(known.getScopeId()).isEqualTo(3);
    }

    @Test
    @Tag("F1")
    void aFrameFromElsewhereMovesNobodyAndIsAskedAboutNowAndThen() {
        addresses.proven(MEMBER, HERE, true, 0);

        assertThat(addresses.learn(MEMBER, ELSEWHERE, at(1))).isTrue();
        assertThat(addresses.learn(MEMBER, ELSEWHERE, at(2))).isFalse();
        assertThat(addresses.learn(MEMBER, ELSEWHERE, at(60))).isTrue();
        assertThat(addresses.learn(MEMBER, HERE, at(61))).isFalse();

        assertThat(addresses.of(MEMBER)).contains(List.of(HERE));
    }

    @Test
    @Tag("F1")
    void whoHasMovedIsFollowedWhenItAnswersFromThereAndIsSilentWhereItWas() {
        addresses.proven(MEMBER, HERE, true, 0);

        addresses.learn(MEMBER, ELSEWHERE, at(1));
        addresses.proven(MEMBER, ELSEWHERE, false, at(2));
        assertThat(addresses.of(MEMBER)).as("it may answer from there yet").contains(List.of(HERE));

        addresses.proven(MEMBER, ELSEWHERE, false, at(300));
        assertThat(addresses.of(MEMBER)).contains(List.of(ELSEWHERE));
    }

    @Test
    @Tag("F1")
    void whoPassesOnTheAnswersOfAMemberThatIsHeardDoesNotMoveIt() {
        addresses.proven(MEMBER, HERE, true, 0);

        for (int millis = 0; millis < 10_000; millis += 10) {
            addresses.learn(MEMBER, ELSEWHERE, at(millis));
            addresses.proven(MEMBER, ELSEWHERE, false, at(millis + 1));
            if (millis % 200 == 0) {
                addresses.proven(MEMBER, HERE, false, at(millis + 2));
            }
        }

        assertThat(addresses.of(MEMBER)).contains(List.of(HERE));
    }

    @Test
    @Tag("F1")
    void aNewLifeIsWhereItAnswersFrom() {
        addresses.proven(MEMBER, HERE, true, 0);

        addresses.proven(MEMBER, ELSEWHERE, true, at(1));

        assertThat(addresses.of(MEMBER)).contains(List.of(ELSEWHERE));
    }

    @Test
    @Tag("F1")
    void whoIsNotKnownIsAskedFirst() {
        assertThat(addresses.learn(MEMBER, HERE, 0)).isTrue();
        assertThat(addresses.of(MEMBER)).isEmpty();

        addresses.proven(MEMBER, HERE, false, at(1));

        assertThat(addresses.of(MEMBER)).contains(List.of(HERE));
    }

    private static long at(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static InetSocketAddress linkLocal(int index) throws UnknownHostException {
        byte[] address = InetAddress.getByName("fe80::1").getAddress();
        return new InetSocketAddress(Inet6Address.getByAddress(null, address, index), 1);
    }
}

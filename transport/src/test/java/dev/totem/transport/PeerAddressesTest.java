/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PeerAddressesTest {

    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private final PeerAddresses addresses = new PeerAddresses();

    @Test
    @Tag("F6")
    void inventedNodesAreForgottenAndMembersAreNot() {
        addresses.learn(NodeId.of(1), HERE);
        addresses.partners(List.of(NodeId.of(1), NodeId.of(2)));
        addresses.learn(NodeId.of(2), HERE);

        for (int id = 10; id < 100_000; id++) {
            addresses.learn(NodeId.of(id), HERE);
        }

        assertThat(addresses.size()).isEqualTo(2 + PeerAddresses.OTHERS_MAX);
        assertThat(addresses.of(NodeId.of(1))).isPresent();
        assertThat(addresses.of(NodeId.of(2))).isPresent();
        assertThat(addresses.of(NodeId.of(10))).isEmpty();
    }

    @Test
    void whoLeavesTheRingIsStillKnown() {
        addresses.partners(List.of(NodeId.of(1)));
        addresses.learn(NodeId.of(1), HERE);

        addresses.partners(List.of());

        assertThat(addresses.of(NodeId.of(1))).contains(List.of(HERE));
    }

    @Test
    @Tag("D4")
    void theSameAddressOnAnotherInterfaceIsAnotherOne() throws UnknownHostException {
        addresses.learn(NodeId.of(1), linkLocal(2));

        addresses.learn(NodeId.of(1), linkLocal(3));

        Inet6Address known =
                (Inet6Address) addresses.of(NodeId.of(1)).orElseThrow().get(0).getAddress();
        assertThat(known.getScopeId()).isEqualTo(3);
    }

    private static InetSocketAddress linkLocal(int index) throws UnknownHostException {
        byte[] address = InetAddress.getByName("fe80::1").getAddress();
        return new InetSocketAddress(Inet6Address.getByAddress(null, address, index), 1);
    }
}

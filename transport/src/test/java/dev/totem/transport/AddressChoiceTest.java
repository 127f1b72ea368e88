/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressChoiceTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void anAddressAndTheNameOfAHostAreNoChoice() {
        for (String one : new String[] {"127.0.0.1", "::1", "localhost", "ring.example.org", "fe80::1%eth0"}) {
            assertThat(AddressChoice.isOne(one)).as(one).isFalse();
        }
    }

    @Test
    void interfacesNetworksAndWildcardsAre() throws Exception {
        String nic = NetworkInterface.getByInetAddress(LOOPBACK).getName();
        for (String one : new String[] {nic, "10.0.0.0/8", "fd00::/8", "*", "0.0.0.0", "::"}) {
            assertThat(AddressChoice.isOne(one)).as(one).isTrue();
        }
    }

    @Test
    void findsTheAddressOfAnInterfaceAndOfANetwork() throws Exception {
        String nic = NetworkInterface.getByInetAddress(LOOPBACK).getName();

        assertThat(AddressChoice.find(nic, Optional.empty())).contains(LOOPBACK);
        assertThat(AddressChoice.find("127.0.0.0/8", Optional.empty())).contains(LOOPBACK);
        assertThat(AddressChoice.find("127.0.0.1/32", Optional.empty())).contains(LOOPBACK);
        assertThat(AddressChoice.find("127.0.0.2/32", Optional.empty())).isEmpty();
    }

    @Test
    void findsNothingYetWhereNothingIs() {
        assertThat(AddressChoice.isOne("nosuchnic7")).isTrue();
        assertThat(AddressChoice.find("nosuchnic7", Optional.empty())).isEmpty();
        assertThat(AddressChoice.find("198.51.100.0/24", Optional.of(LOOPBACK))).isEmpty();
    }

    @Test
    void refusesAPrefixThatIsTooLong() {
        assertThatThrownBy(() -> AddressChoice.find("127.0.0.1/33", Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 bits");
    }
}

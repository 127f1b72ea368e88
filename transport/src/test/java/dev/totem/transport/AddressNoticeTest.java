/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressNoticeTest {

    private static final InetSocketAddress IPV4 = new InetSocketAddress("10.1.2.3", 5_405);
    private static final InetSocketAddress IPV6 = new InetSocketAddress("2001:db8::7", 65_535);

    @Test
    void saysEachAddressWithItsLengthAndPortAndIsLongEnoughToBeAnswered() {
        assertThat(HexFormat.of().formatHex(bytes(AddressNotice.encode(List.of(IPV4), 0, 100))))
                .isEqualTo("04" + "0a010203" + "151d" + "00".repeat(25));
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        assertThat(AddressNotice.decode(AddressNotice.encode(List.of(IPV4, IPV6), 0, 100), loopback()))
                .containsExactly(IPV4, IPV6);
    }

    @Test
    void goesRoundWhenNotAllFit() throws Exception {
        assertThat(AddressNotice.decode(AddressNotice.encode(List.of(IPV4, IPV6), 1, 25), loopback()))
                .containsExactly(IPV6);
        assertThat(AddressNotice.decode(AddressNotice.encode(List.of(IPV4, IPV6), 1, 26), loopback()))
                .containsExactly(IPV6, IPV4);
    }

    @Test
    void endsWhereItMakesNoSenseWhateverItHolds() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = 4;
            }
            assertThat(AddressNotice.decode(ByteBuffer.wrap(bytes), loopback()))
                    .allMatch(address -> address.getPort() > 0
                            && !address.getAddress().isMulticastAddress()
                            && !address.getAddress().isAnyLocalAddress());
        }
    }

    private static byte[] bytes(ByteBuffer notice) {
        byte[] bytes = new byte[notice.remaining()];
        notice.get(bytes);
        return bytes;
    }

    private static NetworkInterface loopback() throws Exception {
        return NetworkInterface.getByInetAddress(java.net.InetAddress.getLoopbackAddress());
    }
}

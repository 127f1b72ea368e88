/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketReaderTest {

    private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

    private static Datagram read(int linkType, ByteOrder order, byte[] packet) {
        return new PacketReader(linkType, order).read(ByteBuffer.wrap(packet), packet.length);
    }

    private static Datagram read(int linkType, byte[] packet) {
        return read(linkType, ByteOrder.LITTLE_ENDIAN, packet);
    }

    private static void isHello(Datagram datagram, String from, String to) {
        assertThat(datagram).isEqualTo(new Datagram.Udp(from, to, ByteBuffer.wrap(HELLO)));
    }

    private static void isHello(Datagram datagram) {
        isHello(datagram, "10.0.0.1:5405", "239.192.0.1:5406");
    }

    private static void is6(Datagram datagram) {
        isHello(datagram, "[0:0:0:0:0:0:0:1]:5405", "[ff02:0:0:0:0:0:0:1]:5406");
    }

    private static String why(Datagram datagram) {
        assertThat(datagram).isInstanceOf(Datagram.Unreadable.class);
        return ((Datagram.Unreadable) datagram).why();
    }

    @Test
    void readsEthernetWithTagsAndPadding() {
        byte[] packet = PcapFile.ipv4(HELLO);
        isHello(read(1, PcapFile.ethernet(0x0800, packet)));
        is6(read(1, PcapFile.ethernet(0x86DD, PcapFile.ipv6(HELLO))));
        byte[] tag = {0, 7, 0x08, 0};
        isHello(read(1, PcapFile.ethernet(0x8100, PcapFile.behind(tag, packet))));
        byte[] two = {0, 7, (byte) 0x81, 0, 0, 8, 0x08, 0};
        isHello(read(1, PcapFile.ethernet(0x88A8, PcapFile.behind(two, packet))));
        isHello(read(1, PcapFile.behind(PcapFile.ethernet(0x0800, packet), new byte[13])));
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 101, 228})
    void readsBareIp(int linkType) {
        isHello(read(linkType, PcapFile.ipv4(HELLO)));
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 101, 229})
    void readsBareIpv6(int linkType) {
        is6(read(linkType, PcapFile.ipv6(HELLO)));
    }

    @Test
    void readsLoopbackInTheOrderOfItsHost() {
        byte[] little = {2, 0, 0, 0};
        byte[] big = {0, 0, 0, 30};
        isHello(read(0, PcapFile.behind(little, PcapFile.ipv4(HELLO))));
        is6(read(0, ByteOrder.BIG_ENDIAN, PcapFile.behind(big, PcapFile.ipv6(HELLO))));
        is6(read(108, PcapFile.behind(big, PcapFile.ipv6(HELLO))));
    }

    @Test
    void readsWhatLinuxCooked() {
        byte[] sll = new byte[16];
        sll[14] = 0x08;
        isHello(read(113, PcapFile.behind(sll, PcapFile.ipv4(HELLO))));
        byte[] sll2 = new byte[20];
        sll2[0] = (byte) 0x86;
        sll2[1] = (byte) 0xDD;
        is6(read(276, PcapFile.behind(sll2, PcapFile.ipv6(HELLO))));
    }

    @Test
    void saysWhatItDoesNotLookAt() {
        assertThat(read(1, PcapFile.ethernet(0x0806, new byte[28]))).isEqualTo(new Datagram.Other("ARP"));
        assertThat(read(1, PcapFile.ethernet(0x88CC, new byte[28]))).isEqualTo(new Datagram.Other("type 0x88cc"));
        byte[] tcp = PcapFile.ipv4(HELLO);
        tcp[9] = 6;
        assertThat(read(101, tcp)).isEqualTo(new Datagram.Other("TCP"));
        tcp[9] = 1;
        assertThat(read(101, tcp)).isEqualTo(new Datagram.Other("ICMP"));
    }

    @Test
    void fragmentsAreSaidAndNotGuessed() {
        byte[] first = PcapFile.ipv4(HELLO);
        first[6] = 0x20;
        assertThat(why(read(101, first))).contains("a fragment (from byte 0)", "from 10.0.0.1 to 239.192.0.1");
        byte[] later = PcapFile.ipv4(HELLO);
        later[7] = (byte) 185;
        assertThat(why(read(101, later))).contains("a fragment (from byte 1480)");
        byte[] six = PcapFile.ipv6(HELLO);
        six[6] = 44;
        six[42] = 0;
        six[43] = 9;
        assertThat(why(read(101, six))).contains("a fragment (from byte 8)");
        six[43] = 0;
        is6(read(101, six));
    }

    @Test
    void whatWasCutIsSaid() {
        byte[] packet = PcapFile.ipv4(HELLO);
        ByteBuffer cut = ByteBuffer.wrap(packet, 0, 30).slice();
        assertThat(why(new PacketReader(101, ByteOrder.LITTLE_ENDIAN).read(cut, packet.length)))
                .isEqualTo(
                        "a datagram from 10.0.0.1:5405 to 239.192.0.1:5406: only 10 of 13 bytes were captured: capture"
                                + " whole packets (tcpdump -s 0)");
        assertThat(why(new PacketReader(101, ByteOrder.LITTLE_ENDIAN).read(cut.slice(0, 22), packet.length)))
                .contains("only 22 of 33 bytes were captured");
    }

    @Test
    void lengthsThatContradictEachOtherAreSaid() {
        byte[] packet = PcapFile.ipv4(HELLO);
        packet[25] = 99;
        assertThat(why(read(101, packet))).contains("says it has 99 bytes in an IP packet with 13");
        packet[25] = 7;
        assertThat(why(read(101, packet))).contains("says it has 7 bytes");
        byte[] none = PcapFile.ipv4(HELLO);
        none[0] = 0x15;
        assertThat(why(read(228, none))).isEqualTo("no IP packet: its first byte is 0x15");
    }

    /** As the host hands it to a card that cuts it: the length is written there. */
    @Test
    void aPacketWhoseLengthTheCardWritesIsAsLongAsItIs() {
        byte[] packet = PcapFile.ipv4(HELLO);
        packet[2] = 0;
        packet[3] = 0;
        isHello(read(101, packet));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 101, 108, 113, 228, 229, 276})
    void noBytesAreTooBad(int linkType) {
        SplittableRandom random = new SplittableRandom(linkType);
        for (int round = 0; round < 20_000; round++) {
            byte[] packet = random.nextBoolean() ? PcapFile.ipv4(HELLO) : PcapFile.ipv6(HELLO);
            for (int i = random.nextInt(4); i >= 0; i--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
            }
            ByteBuffer part = ByteBuffer.wrap(packet, 0, random.nextInt(packet.length + 1));
            assertThat(new PacketReader(linkType, ByteOrder.LITTLE_ENDIAN).read(part.slice(), packet.length))
                    .isNotNull();
        }
    }
}

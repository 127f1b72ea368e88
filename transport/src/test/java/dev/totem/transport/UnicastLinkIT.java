/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.Statistics;
import dev.totem.core.spi.SealHeader;
import io.netty.channel.epoll.Epoll;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class UnicastLinkIT {

    abstract static class OnUnicast extends SocketContract {

        @Test
        @Tag("P63")
        void dropsAndCountsWhatAnUnlistedAddressSends() throws Exception {
            started();
            byte[] listed = frame(1, 100);

            try (DatagramSocket removed = new DatagramSocket(0, InetAddress.getByName(host()))) {
                removed.send(new DatagramPacket(frame(9, 100), 100, station(2).address()));
            }
            station(1).run(link -> {
                link.multicast(ByteBuffer.wrap(listed));
                link.flush();
            });

            assertThat(station(2).next().bytes()).isEqualTo(listed);
            assertThat(station(2).statistic(Statistics.LINK_READS_UNLISTED)).isEqualTo(1);
        }

        @Test
        @Tag("D5")
        void refusesAndCountsFramesOfAnotherNodeThanTheOneListedAtTheirSource() {
            started();
            byte[] honest = plainFrame(1, 50);

            station(1).run(link -> {
                link.unicast(NodeId.of(2), ByteBuffer.wrap(plainFrame(3, 40)));
                link.flush();
                link.unicast(NodeId.of(2), ByteBuffer.wrap(honest));
                link.flush();
            });

            assertThat(station(2).next().bytes()).isEqualTo(honest);
            assertThat(station(2).statistic(Statistics.LINK_READS_MISADDRESSED)).isEqualTo(1);
        }

        @Test
        @Tag("B4")
        void ofManyFramesASilentPeerGetsAFewAndAPartnerAll() {
            started();
            station(1).run(link -> link.partners(List.of(NodeId.of(1), NodeId.of(2))));
            int frames = 1_000;

            for (int i = 0; i < frames; i++) {
                byte[] frame = frame(i, 1_000);
                station(1).run(link -> {
                    link.multicast(ByteBuffer.wrap(frame));
                    link.flush();
                });
            }

            assertThat(station(2).bytes(frames * 1_000)).hasSize(frames * 1_000);
            assertThat(station(3).next().bytes()).hasSize(1_000);
            assertThat(station(1).statistic(Statistics.LINK_FRAMES_SENT)).isBetween(frames + 1L, frames + frames / 2L);
        }

        @Test
        @Tag("B4")
        void aSilentPeerThatAnswersGetsAllAtOnce() {
            started();
            station(1).run(link -> link.partners(List.of(NodeId.of(1))));
            station(1).run(link -> link.learn(NodeId.of(3), station(3).address()));
            long before = station(1).statistic(Statistics.LINK_FRAMES_SENT);

            for (int i = 0; i < 100; i++) {
                byte[] frame = frame(i, 100);
                station(1).run(link -> {
                    link.multicast(ByteBuffer.wrap(frame));
                    link.flush();
                });
            }

            assertThat(station(3).frames(100)).hasSize(100);
            assertThat(station(1).statistic(Statistics.LINK_FRAMES_SENT) - before)
                    .isBetween(100L, 150L);
        }

        /** A frame of suite none, as it says of this node. */
        private static byte[] plainFrame(int sender, int length) {
            ByteBuffer frame = ByteBuffer.allocate(length);
            new SealHeader(0, 0, SealHeader.clusterTag(TestLinks.CLUSTER), NodeId.of(sender))
                    .write(frame, length, 7, 1);
            return frame.array();
        }

        @Test
        void theListAndNotTheSourceOfAFrameSaysWhereANodeIs() {
            started();
            byte[] frame = frame(1, 100);

            station(1).run(link -> {
                link.learn(NodeId.of(2), station(3).address());
                link.unicast(NodeId.of(2), ByteBuffer.wrap(frame));
                link.flush();
            });

            assertThat(station(2).next().bytes()).isEqualTo(frame);
        }

        @Test
        void aFrameForEverybodyIsSentOnceForEachPeer() {
            started();

            station(1).run(link -> {
                link.multicast(ByteBuffer.wrap(frame(1, 100)));
                link.flush();
            });

            assertThat(station(1).statistic(Statistics.LINK_FRAMES_SENT)).isEqualTo(2);
        }
    }

    @Nested
    class Epolled extends OnUnicast {

        @BeforeEach
        void epollLoads() {
            assumeThat(Epoll.isAvailable()).isTrue();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.unicast(host(), true, TestLinks.FOUR_FRAMES_A_WRITE);
        }

        @Override
        String host() {
            return "127.0.0.1";
        }

        @Test
        void batchesAVisitForEachPeer() {
            started();
            int length = station(1).link().frameBytesMax();

            station(1).run(link -> {
                for (int i = 0; i < 8; i++) {
                    link.multicast(ByteBuffer.wrap(frame(i, length)));
                }
                link.flush();
            });

            assertThat(station(2).bytes(8 * length)).hasSize(8 * length);
            assertThat(station(1).statistic(Statistics.LINK_FRAMES_SENT)).isEqualTo(16);
            assertThat(station(1).statistic(Statistics.LINK_WRITES)).isEqualTo(4);
        }
    }

    @Nested
    class OnNio extends OnUnicast {

        @Override
        List<TestLink> openThree() {
            return TestLinks.unicast(host(), false, 1_500);
        }

        @Override
        String host() {
            return "127.0.0.1";
        }
    }

    @Nested
    class EpolledIpv6 extends OnUnicast {

        @BeforeEach
        void epollLoads() {
            assumeThat(Epoll.isAvailable()).isTrue();
            assumeIpv6();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.unicast(host(), true, 0);
        }

        @Override
        String host() {
            return "::1";
        }
    }

    @Nested
    class OnNioIpv6 extends OnUnicast {

        @BeforeEach
        void ipv6IsThere() {
            assumeIpv6();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.unicast(host(), false, 0);
        }

        @Override
        String host() {
            return "::1";
        }
    }

    private static void assumeIpv6() {
        try {
            InetSocketAddress address =
                    LocalAddress.resolve(new Endpoint("bind", "::1", 1)).address();
            assertThat(address.getPort()).isEqualTo(1);
        } catch (ConfigurationException noIpv6) {
            assumeThat(noIpv6).as("IPv6 on loopback").isNull();
        }
    }
}

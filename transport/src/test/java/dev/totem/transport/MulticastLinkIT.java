/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.totem.core.NodeId;
import dev.totem.core.Statistics;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.DatagramChannel;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

class MulticastLinkIT {

    private static final String GROUP_V4 = "239.192.7.1";

    private static final String GROUP_V6 = "ff15::7:1";

    abstract static class OnMulticast extends SocketContract {

        @Test
        void doesNotHandOverWhatItHasSentItself() {
            started();
            byte[] own = frame(1, 100);
            byte[] others = frame(2, 200);

            station(1).run(link -> {
                link.multicast(ByteBuffer.wrap(own));
                link.flush();
            });
            station(2).next();
            station(2).run(link -> {
                link.multicast(ByteBuffer.wrap(others));
                link.flush();
            });

            assertThat(station(1).next().bytes()).isEqualTo(others);
            assertThat(station(1).statistic(Statistics.LINK_READS_OWN)).isPositive();
        }

        @Test
        void joinsTheGroupAgainWhenItDoesNotEvenHearItself() {
            // An IPv6 socket that is bound to a group hears it as long as any process of the host has joined.
            assumeThat(host()).doesNotContain(":");
            started();
            Station deaf = station(2);
            for (Channel channel : deaf.channels()) {
                InetAddress bound = ((InetSocketAddress) channel.localAddress()).getAddress();
                if (bound.isMulticastAddress()) {
                    NetworkInterface nic = LocalAddress.resolve(new Endpoint("bind", host(), 1))
                            .nic();
                    ((DatagramChannel) channel).leaveGroup(bound, nic, null).syncUninterruptibly();
                }
            }
            byte[] frame = frame(1, 100);

            Disposable speaking = deaf.repeat(link -> {
                link.multicast(ByteBuffer.wrap(frame(2, 50)));
                link.flush();
            });
            Disposable spokenTo = station(1).repeat(link -> {
                link.multicast(ByteBuffer.wrap(frame));
                link.flush();
            });
            try {
                assertThat(deaf.next().bytes()).isEqualTo(frame);
            } finally {
                speaking.dispose();
                spokenTo.dispose();
            }

            assertThat(deaf.statistic(Statistics.LINK_GROUP_REJOINED)).isPositive();
        }

        @Test
        void doesNotKnowANodeBeforeItWasHeard() {
            started();

            station(1).run(link -> {
                link.unicast(NodeId.of(2), ByteBuffer.wrap(frame(1, 10)));
                link.flush();
            });

            assertThat(station(1).statistic(Statistics.LINK_FRAMES_UNADDRESSED)).isEqualTo(1);
        }

        @Test
        @Tag("F6")
        void inventedNodesDoNotPushOutAPartner() {
            started();
            byte[] token = frame(1, 10);

            station(1).run(link -> {
                link.proven(NodeId.of(2), station(2).address(), true);
                for (int id = 1_000; id < 100_000; id++) {
                    link.proven(NodeId.of(id), station(3).address(), true);
                }
                link.unicast(NodeId.of(2), ByteBuffer.wrap(token));
                link.unicast(NodeId.of(1_000), ByteBuffer.wrap(frame(1, 11)));
                link.flush();
            });

            assertThat(station(2).next().bytes()).isEqualTo(token);
            assertThat(station(1).statistic(Statistics.LINK_FRAMES_UNADDRESSED)).isEqualTo(1);
        }

        @Test
        void reachesItselfForATokenOfARingOfOne() {
            started();

            station(1).run(link -> {
                link.unicast(NodeId.of(1), ByteBuffer.wrap(frame(1, 10)));
                link.flush();
            });

            assertThat(station(1).statistic(Statistics.LINK_FRAMES_SENT)).isEqualTo(1);
        }
    }

    @Nested
    class Epolled extends OnMulticast {

        @BeforeEach
        void epollLoads() {
            assumeThat(Epoll.isAvailable()).isTrue();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.multicast(host(), GROUP_V4, true, TestLinks.FOUR_FRAMES_A_WRITE);
        }

        @Override
        String host() {
            return "127.0.0.1";
        }

        private void visitOf(int frames, int length) {
            station(1).run(link -> {
                for (int i = 0; i < frames; i++) {
                    link.multicast(ByteBuffer.wrap(frame(i, length)));
                }
                link.flush();
            });
            assertThat(station(2).bytes(frames * length)).hasSize(frames * length);
        }

        @Test
        void sendsAVisitInFewSystemCalls() {
            started();
            int length = station(1).link().frameBytesMax();

            visitOf(12, length);

            assertThat(station(1).statistic(Statistics.LINK_FRAMES_SENT)).isEqualTo(12);
            assertThat(station(1).statistic(Statistics.LINK_WRITES)).isEqualTo(3);
            assertThat(station(1).statistic(Statistics.LINK_SEGMENTATION_REFUSED))
                    .isZero();
        }

        @Test
        void ofItsOwnMulticastsANodeReadsAByteEach() {
            started();
            int length = station(1).link().frameBytesMax();

            visitOf(12, length);
            station(2).run(link -> {
                link.multicast(ByteBuffer.wrap(frame(2, 10)));
                link.flush();
            });
            station(1).next();
            assertThat(station(1).statistic(Statistics.LINK_READ_BYTES_OWN))
                    .isBetween(1L, 12L)
                    .isEqualTo(station(1).statistic(Statistics.LINK_READS_OWN));
        }
    }

    @Nested
    class EpolledAtTheMtuOfEthernet extends OnMulticast {

        @BeforeEach
        void epollLoads() {
            assumeThat(Epoll.isAvailable()).isTrue();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.multicast(host(), GROUP_V4, true, 1_500);
        }

        @Override
        String host() {
            return "127.0.0.1";
        }
    }

    @Nested
    class EpolledWithTheLargestFrames extends OnMulticast {

        @BeforeEach
        void epollLoads() {
            assumeThat(Epoll.isAvailable()).isTrue();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.multicast(host(), GROUP_V4, true, 65_535);
        }

        @Override
        String host() {
            return "127.0.0.1";
        }

        @Test
        void aFrameFillsADatagram() {
            started();

            assertThat(station(1).link().frameBytesMax()).isEqualTo(65_507);
        }
    }

    @Nested
    class OnNio extends OnMulticast {

        @Override
        List<TestLink> openThree() {
            return TestLinks.multicast(host(), GROUP_V4, false, 0);
        }

        @Override
        String host() {
            return "127.0.0.1";
        }
    }

    @Nested
    class EpolledIpv6 extends OnMulticast {

        @BeforeEach
        void epollLoads() {
            assumeThat(Epoll.isAvailable()).isTrue();
            assumeIpv6Group();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.multicast(host(), GROUP_V6, true, 0);
        }

        @Override
        String host() {
            return testInterfaceAddress().orElseThrow();
        }
    }

    @Nested
    class OnNioIpv6 extends OnMulticast {

        @BeforeEach
        void groupIsReached() {
            assumeIpv6Group();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.multicast(host(), GROUP_V6, false, 0);
        }

        @Override
        String host() {
            return testInterfaceAddress().orElseThrow();
        }
    }

    /**
     * Linux carries no IPv6 multicast on its loopback interface, and tests send nothing to a real network. Where there is an
     * interface of this name they use it: {@code ip link add totem-test type veth}, both ends up, and an IPv6
     * address.
     */
    private static Optional<String> testInterfaceAddress() {
        try {
            return Optional.ofNullable(NetworkInterface.getByName("totem-test")).stream()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet6Address && !address.isLinkLocalAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assumeIpv6Group() {
        assumeThat(testInterfaceAddress()).as("an interface for IPv6 groups").isPresent();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.totem.core.NodeId;
import io.netty.channel.epoll.Epoll;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

class DiscoveredLinkIT {

    abstract static class OnFound extends SocketContract {

        @Test
        void hearsOfAThirdByOneThatIsKnownAndReachesItThen() {
            started();
            station(1).run(link -> link.partners(List.of()));
            ByteBuffer notice = AddressNotice.encode(List.of(newcomer()), 0, 100);
            byte[] frame = frame(1, 100);

            Disposable sending = station(1).repeat(link -> {
                link.told(NodeId.of(2), notice.duplicate());
                link.multicast(ByteBuffer.wrap(frame));
                link.flush();
            });

            assertThat(station(3).next().bytes()).isEqualTo(frame);
            sending.dispose();
        }

        @Test
        void aNodeIsWhereItsNextLifeHasAnsweredFrom() {
            started();
            byte[] frame = frame(1, 100);

            station(1).run(link -> {
                link.proven(NodeId.of(2), station(3).address(), true);
                link.unicast(NodeId.of(2), ByteBuffer.wrap(frame));
                link.flush();
            });

            assertThat(station(3).next().bytes()).isEqualTo(frame);
        }

        @Test
        void tellsWhereItsPartnersAre() {
            started();
            station(1)
                    .run(link -> assertThat(AddressNotice.decode(
                                    link.notice(1_000).orElseThrow(),
                                    LocalAddress.resolve(new Endpoint("bind", host(), 0))
                                            .nic()))
                            .containsExactlyInAnyOrder(
                                    station(2).address(), station(3).address()));
        }

        private InetSocketAddress newcomer() {
            return station(3).address();
        }
    }

    @Nested
    class Epolled extends OnFound {

        @BeforeEach
        void epollLoads() {
            assumeThat(Epoll.isAvailable()).isTrue();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.found(host(), true, TestLinks.FOUR_FRAMES_A_WRITE);
        }

        @Override
        String host() {
            return "127.0.0.1";
        }
    }

    @Nested
    class OnNio extends OnFound {

        @Override
        List<TestLink> openThree() {
            return TestLinks.found(host(), false, 1_500);
        }

        @Override
        String host() {
            return "127.0.0.1";
        }
    }
}

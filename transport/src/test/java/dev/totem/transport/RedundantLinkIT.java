/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.totem.core.NodeId;
import dev.totem.core.Statistics;
import io.netty.channel.epoll.Epoll;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RedundantLinkIT {

    abstract static class OnTwo extends LinkContract {

        @Override
        String host() {
            return "127.0.0.1";
        }

        @Override
        boolean repeats() {
            return true;
        }

        @Override
        @Test
        void aFrameForAnUnknownNodeIsDroppedAndCounted() {
            started();

            station(1).run(link -> {
                ByteBuffer frame = ByteBuffer.wrap(frame(1, 10));
                link.unicast(NodeId.of(77), frame);
                link.flush();
                assertThat(frame.hasRemaining()).isFalse();
            });

            assertThat(station(1).statistic(Statistics.LINK_FRAMES_UNADDRESSED))
                    .as("on both networks")
                    .isEqualTo(2);
        }

        @Test
        void framesForEverybodyTakeTurns() {
            started();

            for (int i = 0; i < 4; i++) {
                byte[] frame = frame(i, 100);
                station(1).run(link -> {
                    link.multicast(ByteBuffer.wrap(frame));
                    link.flush();
                });
            }

            assertThat(station(2).frames(4)).hasSize(4);
            assertThat(station(1).statistic(Statistics.LINK_FRAMES_SENT))
                    .as("to two others each")
                    .isEqualTo(8);
        }

        @Test
        void whatIsAnnouncedGoesByAllNetworks() {
            started();

            station(1).run(link -> {
                link.announce(ByteBuffer.wrap(frame(1, 100)));
                link.flush();
            });

            assertThat(station(2).next().bytes()).isEqualTo(frame(1, 100));
            assertThat(station(1).statistic(Statistics.LINK_FRAMES_SENT))
                    .as("to two others on two networks")
                    .isEqualTo(4);
        }

        @Test
        void tellsHowManyNetworksItHasAndThatAllWork() {
            started();

            assertThat(station(1).statistic(Statistics.LINK_NETWORKS)).isEqualTo(2);
            assertThat(station(1).statistic(Statistics.LINK_NETWORKS_FAULTY)).isZero();
        }
    }

    @Nested
    class Epolled extends OnTwo {

        @BeforeEach
        void epollLoads() {
            assumeThat(Epoll.isAvailable()).isTrue();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.redundant(host(), true);
        }
    }

    @Nested
    class OnNio extends OnTwo {

        @Override
        List<TestLink> openThree() {
            return TestLinks.redundant(host(), false);
        }
    }
}

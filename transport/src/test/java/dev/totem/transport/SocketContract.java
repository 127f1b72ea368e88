/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.Statistics;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** What links on UDP sockets do besides. */
abstract class SocketContract extends LinkContract {

    @Test
    void theSocketHasTheReceiveBufferThatTheProbeFound() {
        started();
        int asked = SocketBuffers.wantedBytes(WINDOW, station(1).link().frameBytesMax());

        assertThat(station(1).statistic(Statistics.LINK_RECEIVE_BUFFER_BYTES))
                .isPositive()
                .isEqualTo(SocketBuffers.grantable(asked));
    }

    @Test
    void garbageOfAnyLengthFromAnybodyDoesNotEndTheStream() throws Exception {
        started();
        try (DatagramSocket stranger = new DatagramSocket(0, InetAddress.getByName(host()))) {
            for (int length : new int[] {0, 1, 7, 1_472, 9_000, 65_507}) {
                byte[] garbage = frame(99, length);
                stranger.send(new DatagramPacket(garbage, length, station(2).address()));
            }
            byte[] frame = frame(1, 77);
            station(1).run(link -> {
                link.multicast(ByteBuffer.wrap(frame));
                link.flush();
            });

            Arrival arrival =
                    station(2).next(from -> from.source().equals(station(1).address()));
            assertThat(arrival.bytes()).isEqualTo(frame);
        }
    }

    @Test
    @Tag("P64")
    void aTaskQueuedForATokenRunsAfterAllThatIsReadableWasRead() {
        started();
        Station receiver = station(2);
        List<byte[]> data = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            data.add(frame(i, 1_400));
        }
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch processed = new CountDownLatch(1);
        AtomicLong bytesBeforeToken = new AtomicLong();
        EventLoopScheduler scheduler = new EventLoopScheduler(receiver.loop().eventLoop());
        receiver.run(link -> receiver.onToken = () -> scheduler.execute(() -> {
            bytesBeforeToken.set(receiver.bytesHeard);
            processed.countDown();
        }));

        // While the receiver's loop is busy both its sockets fill; whichever is read first may be the token's.
        scheduler.execute(() -> Station.await(sent));
        station(1).run(link -> {
            link.proven(NodeId.of(2), receiver.address(), true);
            link.unicast(NodeId.of(2), ByteBuffer.wrap(frame(99, Station.TOKEN_BYTES)));
            data.forEach(frame -> link.multicast(ByteBuffer.wrap(frame)));
            link.flush();
        });
        sent.countDown();

        assertThat(Station.await(processed)).isTrue();
        assertThat(bytesBeforeToken).hasValue(total(data) + Station.TOKEN_BYTES);
    }

    @Test
    void socketsThatTheSystemClosesAreOpenedAgain() {
        started();
        Station receiver = station(2);
        InetSocketAddress address = receiver.address();
        int sockets = receiver.channels().size();
        receiver.channels().forEach(channel -> channel.close().syncUninterruptibly());

        byte[] frame = frame(1, 100);
        Disposable repeated = station(1).repeat(link -> {
            link.multicast(ByteBuffer.wrap(frame));
            link.flush();
        });
        try {
            assertThat(receiver.next().bytes()).isEqualTo(frame);
        } finally {
            repeated.dispose();
        }

        receiver.run(link -> assertThat(receiver.channels()).hasSize(sockets));
        assertThat(receiver.channels())
                .extracting(channel -> (InetSocketAddress) channel.localAddress())
                .contains(address);
        assertThat(receiver.statistic(Statistics.LINK_SOCKETS_REOPENED)).isEqualTo(sockets);
    }

    @Test
    void aClosedLinkFreesItsPortAndClosesAgainWithoutHarm() throws Exception {
        started();
        InetSocketAddress address = station(1).address();

        station(1).link().close().block();
        station(1).link().close().block();

        try (DatagramSocket again = new DatagramSocket(address)) {
            assertThat(again.getLocalPort()).isEqualTo(address.getPort());
        }
    }
}

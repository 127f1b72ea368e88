/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.totem.core.NodeId;
import dev.totem.core.Statistics;
import io.netty.channel.epoll.Epoll;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class TcpLinkIT {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final int MAGIC = 0x746F_7465;

    abstract static class OnTcp extends LinkContract {

        @Override
        String host() {
            return "127.0.0.1";
        }

        @Test
        void aPairHasOneConnectionWhoeverSpeaksFirst() {
            started();
            trusting();
            Disposable first = station(1).repeat(OnTcp::speak);
            Disposable second = station(2).repeat(OnTcp::speak);
            Disposable third = station(3).repeat(OnTcp::speak);
            try {
                until(() ->
                        connections(station(1)) == 2 && connections(station(2)) == 2 && connections(station(3)) == 2);
            } finally {
                first.dispose();
                second.dispose();
                third.dispose();
            }
        }

        @Test
        void aConnectionThatIsResetIsMadeAgain() {
            started();
            byte[] before = frame(1, 100);
            station(1).run(link -> send(link, before));
            assertThat(station(2).next().bytes()).isEqualTo(before);

            station(2).run(link -> reset(station(2)));

            byte[] after = frame(2, 200);
            Disposable repeated = station(1).repeat(link -> send(link, after));
            try {
                assertThat(station(2).next().bytes()).isEqualTo(after);
            } finally {
                repeated.dispose();
            }
        }

        @Test
        void aConnectionThatBreaksWhileItIsWrittenToCostsTheOthersNothing() {
            started();
            byte[] before = frame(1, 100);
            station(1).run(link -> send(link, before));
            assertThat(station(2).next().bytes()).isEqualTo(before);
            assertThat(station(3).next().bytes()).isEqualTo(before);

            // Nothing is read between the reset and the write, which is the first to notice.
            byte[] after = frame(2, 200);
            station(1).run(link -> {
                CompletableFuture.runAsync(
                                () -> reset(station(2)), station(2).loop().eventLoop())
                        .join();
                send(link, after);
            });

            assertThat(station(3).next().bytes()).isEqualTo(after);
        }

        @Test
        void aListeningSocketThatTheSystemClosesIsOpenedAgain() {
            started();
            Station receiver = station(2);
            receiver.channels().forEach(channel -> channel.close().syncUninterruptibly());

            until(() -> receiver.statistic(Statistics.LINK_SOCKETS_REOPENED) == 1);
            byte[] frame = frame(1, 100);
            station(1).run(link -> send(link, frame));
            assertThat(receiver.next().bytes()).isEqualTo(frame);
        }

        @Test
        void aPeerThatDoesNotReadLosesItsOwnFramesAndNobodyElses() throws Exception {
            started();
            Station sender = station(1);
            InetSocketAddress deaf = station(3).address();
            station(3).link().close().block(LIMIT);
            try (Deaf peer = new Deaf(deaf)) {
                byte[] frame = frame(1, 60_000);
                int frames = 0;
                while (sender.statistic(Statistics.LINK_FRAMES_NOT_QUEUED) == 0) {
                    sender.run(link -> send(link, frame));
                    assertThat(station(2).next().bytes()).isEqualTo(frame);
                    assertThat(++frames).isLessThan(20_000);
                }
                assertThat(peer.isConnected()).isTrue();
                sender.run(link -> send(link, frame(2, 100)));
                assertThat(station(2).next().bytes()).isEqualTo(frame(2, 100));
            }
        }

        @Test
        void aPeerThatIsSilentIsGivenUpAndTriedAgain() throws Exception {
            started();
            Station sender = station(1);
            InetSocketAddress silent = station(3).address();
            station(3).link().close().block(LIMIT);
            try (ServerSocket mute = new ServerSocket()) {
                mute.setReuseAddress(true);
                mute.bind(silent);
                Disposable repeated = sender.repeat(OnTcp::speak);
                try {
                    until(() -> sender.statistic(Statistics.LINK_CONNECTIONS_SILENT) >= 2);
                } finally {
                    repeated.dispose();
                }
            }
        }

        @Test
        void garbageFromAnybodyEndsItsOwnConnectionOnly() throws Exception {
            started();
            Station receiver = station(2);
            for (int length : new int[] {1, 7, 8, 1_472, 70_000}) {
                try (Socket stranger = new Socket(
                        receiver.address().getAddress(), receiver.address().getPort())) {
                    byte[] garbage = new byte[length];
                    new Random(length).nextBytes(garbage);
                    stranger.getOutputStream().write(garbage);
                    stranger.shutdownOutput();
                    drain(stranger);
                }
            }
            byte[] frame = frame(1, 77);
            station(1).run(link -> send(link, frame));

            Arrival arrival =
                    receiver.next(from -> from.source().equals(station(1).address()));
            assertThat(arrival.bytes()).isEqualTo(frame);
        }

        @Test
        void whatIsNoGreetingIsRefusedAndCounted() throws Exception {
            started();
            Station receiver = station(2);
            try (Socket stranger = new Socket(
                    receiver.address().getAddress(), receiver.address().getPort())) {
                new DataOutputStream(stranger.getOutputStream()).write(new byte[] {0, 3, 1, 2, 3});
                drain(stranger);
            }
            until(() -> receiver.statistic(Statistics.LINK_CONNECTIONS_REFUSED) == 1);
        }

        @Test
        void aStrangerAtThePortOfAMemberDoesNotTakeItsPlace() throws Exception {
            started();
            trusting();
            byte[] hello = frame(1, 100);
            station(2).run(link -> send(link, hello));
            assertThat(station(1).next().bytes()).isEqualTo(hello);
            station(1).run(link -> link.learn(NodeId.of(2), station(2).address()));

            try (Socket stranger =
                    greeted(station(1).address(), station(2).address().getPort())) {
                byte[] secret = frame(2, 200);
                Disposable repeated = station(1).repeat(link -> send(link, secret));
                try {
                    assertThat(station(2).next().bytes()).isEqualTo(secret);
                    stranger.setSoTimeout(700);
                    assertThat(heard(stranger, secret.length)).isFalse();
                } finally {
                    repeated.dispose();
                }
            }
        }

        @Test
        void aClosedLinkFreesItsPortAndClosesAgainWithoutHarm() throws Exception {
            started();
            InetSocketAddress address = station(1).address();
            station(1).run(link -> send(link, frame(1, 10)));
            assertThat(station(2).next().bytes()).hasSize(10);

            station(1).link().close().block(LIMIT);
            station(1).link().close().block(LIMIT);

            try (ServerSocket again = new ServerSocket()) {
                again.setReuseAddress(true);
                again.bind(address);
                assertThat(again.getLocalPort()).isEqualTo(address.getPort());
            }
        }

        @Test
        void whatIsSaidLastBeforeAnEndArrives() {
            started();
            byte[] first = frame(9, 100);
            station(1).run(link -> send(link, first));
            assertThat(station(2).next().bytes()).isEqualTo(first);
            assertThat(station(3).next().bytes()).isEqualTo(first);
            byte[] last = frame(1, 50_000);
            station(1).run(link -> send(link, last));
            station(1).link().close().block(LIMIT);

            assertThat(station(2).next().bytes()).isEqualTo(last);
            assertThat(station(3).next().bytes()).isEqualTo(last);
        }

        /** How many connections it has; asked on its loop. */
        private static long connections(Station station) {
            long[] count = {0};
            station.run(link -> count[0] = channel(station).connections().size());
            return count[0];
        }

        private static void reset(Station station) {
            channel(station).connections().forEach(connection -> {
                connection.channel().config().setOption(io.netty.channel.ChannelOption.SO_LINGER, 0);
                connection.abort();
            });
        }

        private static TcpChannel channel(Station station) {
            return (TcpChannel) station.sockets().get(0);
        }

        /** Whatever comes is authentic to them, as to a node that can open it. */
        private void trusting() {
            for (int id = 1; id <= 3; id++) {
                station(id).trusts = true;
            }
        }

        private static void speak(dev.totem.core.spi.DatagramLink link) {
            send(link, frame(7, 64));
        }

        private static void send(dev.totem.core.spi.DatagramLink link, byte[] frame) {
            link.multicast(ByteBuffer.wrap(frame));
            link.flush();
        }

        private static void drain(Socket socket) {
            try {
                socket.setSoTimeout((int) LIMIT.toMillis());
                socket.getInputStream().readAllBytes();
            } catch (IOException reset) {
                // It has ended, which is what was waited for.
            }
        }

        private static Socket greeted(InetSocketAddress to, int port) throws IOException {
            Socket socket = new Socket(to.getAddress(), to.getPort());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(8);
            out.writeInt(MAGIC);
            out.writeShort(1);
            out.writeShort(port);
            out.flush();
            return socket;
        }

        /** Whether a burst of this length comes before the socket's time is over. */
        private static boolean heard(Socket socket, int length) throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            try {
                while (true) {
                    int bytes = in.readUnsignedShort();
                    in.readFully(new byte[bytes]);
                    if (bytes == length) {
                        return true;
                    }
                }
            } catch (IOException nothing) {
                return false;
            }
        }
    }

    /** Is connected to, greets and beats, and reads nothing. */
    private static final class Deaf implements AutoCloseable {

        private final ServerSocket server = new ServerSocket();
        private final Thread thread = new Thread(this::run, "deaf");
        private volatile boolean isConnected;

        Deaf(InetSocketAddress at) throws IOException {
            server.setReuseAddress(true);
            server.setReceiveBufferSize(4_096);
            server.bind(at);
            thread.setDaemon(true);
            thread.start();
        }

        boolean isConnected() {
            return isConnected;
        }

        private void run() {
            try (Socket socket = server.accept()) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(8);
                out.writeInt(MAGIC);
                out.writeShort(1);
                out.writeShort(server.getLocalPort());
                isConnected = true;
                while (!server.isClosed()) {
                    out.writeShort(0);
                    out.flush();
                    java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
                }
            } catch (IOException over) {
                // the test is over
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static void until(BooleanSupplier holds) {
        Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .publishOn(Schedulers.boundedElastic(), 1)
                .filter(tick -> holds.getAsBoolean())
                .next()
                .block(LIMIT);
    }

    @Nested
    class EpolledListed extends OnTcp {

        @BeforeEach
        void epollLoads() {
            assumeThat(Epoll.isAvailable()).isTrue();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.connected(host(), true, true);
        }
    }

    @Nested
    class EpolledFound extends OnTcp {

        @BeforeEach
        void epollLoads() {
            assumeThat(Epoll.isAvailable()).isTrue();
        }

        @Override
        List<TestLink> openThree() {
            return TestLinks.connected(host(), true, false);
        }
    }

    @Nested
    class OnNio extends OnTcp {

        @Override
        List<TestLink> openThree() {
            return TestLinks.connected(host(), false, true);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.spi.DatagramLink;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** What every link does, shown with three of them on one host. */
abstract class LinkContract {

    static final int WINDOW = 256;

    private static final long LIMIT_SECONDS = 10;

    private final List<Station> stations = new ArrayList<>();

    /** Opens three links that can hear each other, with the ids 1 to 3. */
    abstract List<TestLink> openThree();

    /** The host that the links are bound to. */
    abstract String host();

    /** Whether a frame for one may come twice, as it may by any link. */
    boolean repeats() {
        return false;
    }

    /** A link with its loop and the address it is bound to. */
    record TestLink(DatagramLink link, UdpLoop loop, InetSocketAddress address, List<FrameChannel> sockets) {}

    @AfterEach
    void closesEverything() {
        for (Station station : stations) {
            station.link().close().block();
            station.loop().dispose().block();
        }
    }

    @Test
    void aFrameForEverybodyReachesAllOthersUnaltered() {
        started();
        byte[] frame = frame(1, 1_000);

        station(1).run(link -> {
            link.multicast(ByteBuffer.wrap(frame));
            link.flush();
        });

        assertThat(station(2).next().bytes()).isEqualTo(frame);
        assertThat(station(3).next().bytes()).isEqualTo(frame);
    }

    @Test
    void aFrameForOneReachesOnlyThatOne() {
        started();
        byte[] forThree = frame(1, 500);
        byte[] forEverybody = frame(2, 600);

        station(1).run(link -> {
            link.proven(NodeId.of(3), station(3).address(), true);
            link.unicast(NodeId.of(3), ByteBuffer.wrap(forThree));
            link.multicast(ByteBuffer.wrap(forEverybody));
            link.flush();
        });

        assertThat(station(2).next().bytes()).isEqualTo(forEverybody);
        assertThat(station(3).frames(2)).contains(forThree, forEverybody);
    }

    @Test
    void theSourceOfAnyFrameIsWhereItsSenderIsReached() {
        started();
        byte[] question = frame(1, 100);
        byte[] answer = frame(2, 200);

        station(1).run(link -> {
            link.multicast(ByteBuffer.wrap(question));
            link.flush();
        });
        Arrival asked = station(2).next();
        station(2).run(link -> {
            link.proven(NodeId.of(1), asked.source(), true);
            link.unicast(NodeId.of(1), ByteBuffer.wrap(answer));
            link.flush();
        });

        assertThat(asked.source()).isEqualTo(station(1).address());
        assertThat(station(1).next().bytes()).isEqualTo(answer);
    }

    @Test
    void aWindowOfEqualFramesArrivesWhole() {
        started();
        int length = station(1).link().frameBytesMax();
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 96; i++) {
            sent.add(frame(i, length));
        }
        sent.add(frame(96, length / 3));

        station(1).run(link -> {
            sent.forEach(frame -> link.multicast(ByteBuffer.wrap(frame)));
            link.flush();
        });

        assertThat(station(2).frames(sent.size())).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(station(3).frames(sent.size())).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void framesOfAllLengthsArriveUnaltered() {
        started();
        Random random = new Random(7);
        List<byte[]> sent = new ArrayList<>();
        int most = station(1).link().frameBytesMax();
        for (int length :
                new int[] {4, 5, 4, 4, 64, 1_472, 1_472, 1_472, 1_471, 1_473, 8_900, most - 1, most, most, 7}) {
            sent.add(frame(sent.size(), length));
        }
        for (int i = 0; i < 60; i++) {
            sent.add(frame(sent.size(), 4 + random.nextInt(most - 3)));
        }

        station(1).run(link -> {
            sent.forEach(frame -> link.multicast(ByteBuffer.wrap(frame)));
            link.flush();
        });

        assertThat(station(2).frames(sent.size())).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(station(3).frames(sent.size())).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void nothingLeavesBeforeItIsFlushed() {
        started();
        byte[] first = frame(1, 300);
        byte[] second = frame(2, 400);

        station(1).run(link -> link.multicast(ByteBuffer.wrap(first)));
        long writesBefore = station(1).statistic(Statistics.LINK_WRITES);
        station(1).run(link -> {
            link.multicast(ByteBuffer.wrap(second));
            link.flush();
        });

        assertThat(writesBefore).isZero();
        assertThat(station(2).frames(2)).containsExactlyInAnyOrderElementsOf(List.of(first, second));
    }

    @Test
    void theCallersBufferCanBeUsedAgainAtOnce() {
        started();
        ByteBuffer reused = ByteBuffer.allocate(64);
        List<byte[]> sent = List.of(frame(1, 64), frame(2, 64), frame(3, 64));

        station(1).run(link -> {
            for (byte[] frame : sent) {
                reused.clear().put(frame).flip();
                link.multicast(reused);
                assertThat(reused.hasRemaining()).isFalse();
            }
            link.flush();
        });

        assertThat(station(2).frames(sent.size())).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void aClosedPortOfOnePeerDoesNotEndTheStreamOfTheOthers() {
        started();
        station(3).link().close().block();

        List<byte[]> sent = List.of(frame(1, 10), frame(2, 20), frame(3, 30), frame(4, 40));
        for (byte[] frame : sent) {
            station(1).run(link -> {
                link.proven(NodeId.of(3), station(3).address(), true);
                link.unicast(NodeId.of(3), ByteBuffer.wrap(frame));
                link.multicast(ByteBuffer.wrap(frame));
                link.flush();
            });
        }
        byte[] answer = frame(9, 90);
        station(2).run(link -> {
            link.multicast(ByteBuffer.wrap(answer));
            link.flush();
        });

        assertThat(station(2).frames(sent.size())).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(station(1).next().bytes()).isEqualTo(answer);
    }

    @Test
    void aFrameForAnUnknownNodeIsDroppedAndCounted() {
        started();

        station(1).run(link -> {
            ByteBuffer frame = ByteBuffer.wrap(frame(1, 10));
            link.unicast(NodeId.of(77), frame);
            link.flush();
            assertThat(frame.hasRemaining()).isFalse();
        });

        assertThat(station(1).statistic(Statistics.LINK_FRAMES_UNADDRESSED)).isEqualTo(1);
        assertThat(station(1).statistic(Statistics.LINK_WRITES)).isZero();
    }

    @Test
    void aFrameLongerThanAnyDatagramIsDroppedAndCounted() {
        started();

        station(1).run(link -> {
            link.multicast(ByteBuffer.allocate(65_508));
            link.flush();
        });

        assertThat(station(1).statistic(Statistics.LINK_FRAMES_OVERSIZED)).isEqualTo(1);
    }

    @Test
    void whatCameBeforeTheStartIsThere() {
        List<TestLink> opened = openThree();
        Station early = new Station(opened.get(0), repeats());
        Station late = new Station(opened.get(1), repeats());
        stations.addAll(List.of(early, late, new Station(opened.get(2), repeats())));
        early.start();

        early.run(link -> {
            link.multicast(ByteBuffer.wrap(frame(1, 10)));
            link.flush();
        });
        late.start();

        assertThat(late.next().bytes()).isEqualTo(frame(1, 10));
    }

    @Test
    void theGrantedBuffersAreReported() {
        started();

        assertThat(station(1).statistic(Statistics.LINK_RECEIVE_BUFFER_BYTES)).isPositive();
        assertThat(station(1).statistic(Statistics.LINK_SEND_BUFFER_BYTES)).isPositive();
        assertThat(station(1).statistic(Statistics.LINK_FRAME_BYTES_MAX))
                .isEqualTo(station(1).link().frameBytesMax());
    }

    final void started() {
        for (TestLink opened : openThree()) {
            Station station = new Station(opened, repeats());
            stations.add(station);
            station.start();
        }
        List<NodeId> all = List.of(NodeId.of(1), NodeId.of(2), NodeId.of(3));
        stations.forEach(station -> station.run(link -> link.partners(all)));
    }

    final Station station(int id) {
        return stations.get(id - 1);
    }

    /** Bytes that tell their length first, if they are long enough for it: frames may arrive back to back. */
    static byte[] frame(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        if (length >= Integer.BYTES) {
            ByteBuffer.wrap(bytes).putInt(length);
        }
        return bytes;
    }

    static int total(List<byte[]> frames) {
        return frames.stream().mapToInt(frame -> frame.length).sum();
    }

    record Arrival(byte[] bytes, InetSocketAddress source) {}

    /** A link and what it has heard. */
    static final class Station implements DatagramLink.Receiver {

        /** No other frame of the test that looks for it has this length. */
        static final int TOKEN_BYTES = 11;

        private final TestLink opened;
        private final boolean repeats;
        private final Set<ByteBuffer> known = new HashSet<>();
        long bytesHeard;
        Runnable onToken = () -> {};
        private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

        /** Whether all that comes is taken for authentic. */
        volatile boolean trusts;

        Station(TestLink opened, boolean repeats) {
            this.opened = opened;
            this.repeats = repeats;
        }

        DatagramLink link() {
            return opened.link();
        }

        UdpLoop loop() {
            return opened.loop();
        }

        InetSocketAddress address() {
            return opened.address();
        }

        void start() {
            run(link -> {
                link.start(this);
                link.partners(List.of(NodeId.of(1), NodeId.of(2), NodeId.of(3)));
            });
        }

        /** Does something on the loop and waits until it is done. */
        void run(Consumer<DatagramLink> action) {
            Mono.fromFuture(CompletableFuture.runAsync(
                            () -> action.accept(link()), opened.loop().eventLoop()))
                    .block(Duration.ofSeconds(LIMIT_SECONDS));
        }

        /** Does something on the loop again and again. */
        Disposable repeat(Consumer<DatagramLink> action) {
            ScheduledFuture<?> repeated = opened.loop()
                    .eventLoop()
                    .scheduleAtFixedRate(() -> action.accept(link()), 0, 20, TimeUnit.MILLISECONDS);
            return () -> repeated.cancel(false);
        }

        List<FrameChannel> sockets() {
            return opened.sockets();
        }

        /** The sockets of the link. */
        List<Channel> channels() {
            List<Channel> channels = new ArrayList<>();
            opened.sockets().forEach(socket -> socket.socket().ifPresent(channels::add));
            return channels;
        }

        @Override
        public void received(ByteBuffer bytes, SocketAddress source) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            bytesHeard += copy.length;
            if (copy.length == TOKEN_BYTES) {
                onToken.run();
            }
            if (trusts) {
                opened.sockets().forEach(socket -> socket.heard(source));
            }
            if (repeats && copy.length > Integer.BYTES && !known.add(ByteBuffer.wrap(copy))) {
                return;
            }
            arrivals.add(new Arrival(copy, (InetSocketAddress) source));
        }

        long statistic(Statistic statistic) {
            return Objects.requireNonNull(link().statistics().get(statistic), statistic.name());
        }

        Arrival next() {
            try {
                Arrival arrival = arrivals.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
                assertThat(arrival).as("something arrives").isNotNull();
                return arrival;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        Arrival next(Predicate<Arrival> wanted) {
            Arrival arrival = next();
            while (!wanted.test(arrival)) {
                arrival = next();
            }
            return arrival;
        }

        /** The next frames, in whatever order and reads they come; a link promises neither. */
        List<byte[]> frames(int count) {
            List<byte[]> frames = new ArrayList<>();
            while (frames.size() < count) {
                ByteBuffer read = ByteBuffer.wrap(next().bytes());
                while (read.hasRemaining()) {
                    byte[] frame = new byte[read.getInt(read.position())];
                    read.get(frame);
                    frames.add(frame);
                }
            }
            return frames;
        }

        /** The next bytes, whatever the reads they came in. */
        byte[] bytes(int count) {
            ByteBuffer all = ByteBuffer.allocate(count);
            while (all.hasRemaining()) {
                all.put(next().bytes());
            }
            return all.array();
        }

        static boolean await(CountDownLatch latch) {
            try {
                return latch.await(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.FrameReader;
import dev.totem.client.internal.wire.FrameWriter;
import dev.totem.client.internal.wire.MalformedFrameException;
import dev.totem.client.internal.wire.SessionId;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.SendFailedException;
import dev.totem.core.Settings;
import dev.totem.core.Statistic;
import dev.totem.testkit.TestRing;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Clients that do what they may not: they are refused or bounded, and counted, and others do not notice. */
class HostileClientIT {

    private static final int OWN_BYTES = 77;
    private static final Duration SOON = Executives.SOON;
    private static final ByteBufAllocator HEAP = new UnpooledByteBufAllocator(false, true);

    private final TestRing ring = TestRing.of(2, settings -> settings.set(Settings.STALL_LIMIT, Duration.ofSeconds(1)));
    private Executives executives;
    private EvsHandle good;
    private final List<Delivery> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serves() throws IOException {
        ring.awaitOneRing().block(SOON);
        executives = new Executives();
        executives.serve(ring.node(1), "one", builder -> builder.lease(Duration.ofMillis(300)));
        good = executives.attach("one").openHandle().block(SOON);
        good.join("g").block(SOON);
        good.deliveries().subscribe(seen::add);
    }

    @AfterEach
    void ends() throws IOException {
        executives.close();
        ring.close();
    }

    /** A client of bare bytes. */
    private final class Raw implements AutoCloseable {

        final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(executives.path("one")));

        Raw() throws IOException {}

        Raw say(Frame... frames) throws IOException {
            for (Frame frame : frames) {
                say(ByteBufUtil.getBytes(FrameWriter.write(frame, HEAP)));
            }
            return this;
        }

        Raw say(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            return this;
        }

        Frame hear() throws IOException, MalformedFrameException {
            ByteBuffer body = ByteBuffer.allocate(fill(ByteBuffer.allocate(4)).getInt(0));
            return FrameReader.read(Unpooled.wrappedBuffer(fill(body).array()));
        }

        private ByteBuffer fill(ByteBuffer buffer) throws IOException {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException("closed");
                }
            }
            return buffer;
        }

        <F extends Frame> F hear(Class<F> kind) throws IOException, MalformedFrameException {
            Frame frame = hear();
            while (!kind.isInstance(frame)) {
                frame = hear();
            }
            return kind.cast(frame);
        }

        Frame.Welcome hello(SessionId session) throws IOException, MalformedFrameException {
            say(new Frame.Hello(session, 0, "raw", new byte[0]));
            return hear(Frame.Welcome.class);
        }

        void isClosed() {
            assertThatThrownBy(() -> {
                        while (true) {
                            hear();
                        }
                    })
                    .isInstanceOf(IOException.class);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private long counted(Statistic name) {
        return executives.stats(0).get(name);
    }

    private void theGoodOneGoesOn() {
        long before = ownMessages();
        good.sendAll(Flux.range(0, 100).map(i -> Message.of(new byte[OWN_BYTES])))
                .then()
                .block(SOON);
        HandleContract.await(() -> ownMessages() == before + 100);
    }

    private long ownMessages() {
        return seen.stream()
                .filter(delivery -> delivery.payloadBytes() == OWN_BYTES)
                .count();
    }

    private static Frame.Send send(int op, int bytes) {
        return new Frame.Send(op, 1, new Message(List.of(GroupName.of("g")), Guarantee.AGREED, new byte[bytes]));
    }

    @Test
    void theSocketIsItsOwnersAlone() throws IOException {
        assertThat(Files.getPosixFilePermissions(executives.path("one")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aSocketInUseIsNotTakenAndOneThatIsNotIs() throws Exception {
        assertThatThrownBy(() -> executives.serve(ring.node(1), "one"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("another executive listens there");
        Files.writeString(executives.path("file"), "mine");
        assertThatThrownBy(() -> executives.serve(ring.node(1), "file"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("something else");
        assertThat(Files.readString(executives.path("file"))).isEqualTo("mine");
        CuttingProxy stale = new CuttingProxy(executives.path("stale"), executives.path("one"));
        stale.close();
        executives.serve(ring.node(1), "stale");
        executives.attach("stale");
    }

    @Test
    void whoSpeaksAnotherProtocolIsClosed() throws Exception {
        try (Raw raw = new Raw()) {
            raw.say("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                    .isClosed();
        }
        try (Raw raw = new Raw()) {
            raw.say(new Frame.Bye()).hear(Frame.Refused.class);
        }
        try (Raw raw = new Raw()) {
            raw.say(new byte[] {0, 0, 0, 1, 99}).isClosed();
        }
        theGoodOneGoesOn();
        HandleContract.await(() -> counted(ServerStatistics.CONNECTIONS_REFUSED) == 3);
    }

    @Test
    void halfFramesAreWaitedForAndTooLongOnesAreNot() throws Exception {
        try (Raw half = new Raw();
                Raw tooLong = new Raw()) {
            half.hello(SessionId.NONE);
            half.say(new byte[] {0, 0, 1});
            tooLong.hello(SessionId.NONE);
            tooLong.say(new byte[] {0x7f, 0, 0, 0, 18}).isClosed();
            theGoodOneGoesOn();
        }
    }

    @Test
    void whoAsksForMoreThanHeMayIsEnded() throws Exception {
        try (Raw raw = new Raw()) {
            Frame.Limits limits = raw.hello(SessionId.NONE).limits();
            raw.say(new Frame.Open(1, Optional.empty()));
            raw.hear(Frame.Opened.class);
            // A ring that looks for a lost member orders nothing meanwhile.
            ring.crash(2);
            var flood = Unpooled.buffer();
            for (int op = 1; op <= 4 * limits.operations(); op++) {
                flood.writeBytes(FrameWriter.write(send(op, 1_000), HEAP));
            }
            try {
                raw.say(ByteBufUtil.getBytes(flood));
            } catch (IOException ended) {
                // as it should be
            }
            raw.isClosed();
            theGoodOneGoesOn();
            assertThat(counted(ServerStatistics.VIOLATIONS)).isEqualTo(1);
        }
    }

    @Test
    void whoNeverReadsHoldsTheRingBackAsLongAsAnySubscriberAndIsBounded() throws Exception {
        try (Raw raw = new Raw()) {
            raw.hello(SessionId.NONE);
            raw.say(
                    new Frame.Open(1, Optional.empty()),
                    new Frame.Groups(1, 1, Frame.GroupAction.JOIN, List.of(GroupName.of("g"))),
                    new Frame.Subscribe(1, 1, OverflowPolicy.HOLD_BACK),
                    new Frame.Request(1, Long.MAX_VALUE, 0));
            EvsHandle sender = ring.node(2).openHandle();
            sender.sendAll(Flux.range(0, 30_000).map(i -> Message.to("g").payload(new byte[10_000])))
                    .then()
                    .block(Duration.ofSeconds(60));
            HandleContract.await(() -> seen.size() == 30_000);

            Frame.Broken end = raw.hear(Frame.Broken.class);
            assertThat(end.reason()).hasMessageContaining("too slow");
        }
    }

    @Test
    void aSessionIsResumedOnlyByItsSecret() throws Exception {
        try (Raw first = new Raw();
                Raw guess = new Raw();
                Raw second = new Raw()) {
            Frame.Welcome welcome = first.hello(SessionId.NONE);
            assertThat(welcome.isResumed()).isFalse();
            Frame.Welcome other = guess.hello(
                    new SessionId(welcome.session().high(), welcome.session().low() + 2));
            assertThat(other.isResumed()).isFalse();
            assertThat(other.session()).isNotEqualTo(welcome.session());
            assertThat(second.hello(welcome.session()).isResumed()).isTrue();
            first.isClosed();
        }
    }

    @Test
    void whoConfirmsWhatWasNeverSaidIsEnded() throws Exception {
        try (Raw raw = new Raw()) {
            raw.hello(SessionId.NONE);
            raw.say(new Frame.Ack(1_000_000)).isClosed();
        }
        try (Raw raw = new Raw()) {
            raw.hello(SessionId.NONE);
            raw.say(new Frame.Complete(1)).isClosed();
        }
        theGoodOneGoesOn();
        assertThat(counted(ServerStatistics.VIOLATIONS)).isEqualTo(2);
    }

    @Test
    void whoIsKilledIsNoMemberAfterTheLease() throws Exception {
        try (Raw raw = new Raw()) {
            raw.hello(SessionId.NONE);
            raw.say(
                    new Frame.Open(1, Optional.empty()),
                    new Frame.Groups(1, 1, Frame.GroupAction.JOIN, List.of(GroupName.of("g"))));
            raw.hear(Frame.Done.class);
            HandleContract.await(() -> good.members("g").size() == 2);
        }
        HandleContract.await(() -> good.members("g").size() == 1);
        assertThat(counted(ServerStatistics.SESSIONS_EXPIRED)).isEqualTo(1);
    }

    @Test
    void moreClientsThanAllowedAreToldSo() throws Exception {
        executives.serve(ring.node(1), "small", builder -> builder.clients(1));
        executives.attach("small");
        assertThatThrownBy(() -> executives.attach("small"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has 1 clients already");
    }

    @Test
    void whoMayNotIsToldSoAndNothingHappens() throws Exception {
        ClientAuthorization choosy = new ClientAuthorization() {
            @Override
            public boolean mayJoin(ClientIdentity client, GroupName group) {
                return group.value().startsWith("in");
            }

            @Override
            public boolean maySend(ClientIdentity client, GroupName group) {
                return group.value().startsWith("out");
            }

            @Override
            public boolean mayRead(ClientIdentity client, GroupName group) {
                return false;
            }
        };
        executives.serve(ring.node(1), "choosy", builder -> builder.authorization(choosy));
        EvsHandle handle = executives.attach("choosy").openHandle().block(SOON);
        handle.join("in").block(SOON);
        assertThatThrownBy(() -> handle.join("g").block(SOON)).hasMessageContaining("may not join");
        assertThat(handle.groups()).containsExactly(GroupName.of("in"));
        assertThatThrownBy(() -> handle.watch("in").block(SOON)).hasMessageContaining("may not watch");
        handle.send(Message.to("out")).block(SOON);
        assertThatThrownBy(() -> handle.send(new byte[1]).block(SOON))
                .isInstanceOf(SendFailedException.class)
                .hasMessageContaining("may not send to group in");
        assertThat(executives.stats(1).get(ServerStatistics.OPERATIONS_DENIED)).isEqualTo(3);
    }

    @Test
    void aClientWhoseThreadIsStuckHoldsUpNoOther() throws Exception {
        var stuck = reactor.core.scheduler.Schedulers.newSingle("stuck");
        try {
            EvsHandle handle = executives.attach("one").openHandle(stuck).block(SOON);
            handle.join("other").block(SOON);
            java.util.concurrent.CountDownLatch release = new java.util.concurrent.CountDownLatch(1);
            handle.events().subscribe(event -> {
                try {
                    release.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            theGoodOneGoesOn();
            release.countDown();
        } finally {
            stuck.dispose();
        }
    }
}

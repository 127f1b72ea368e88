/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.cli.TotemCommand;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PlainSeal;
import dev.totem.core.spi.SealKeys;
import dev.totem.core.spi.SealSession;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import dev.totem.transport.Peer;
import dev.totem.transport.UdpTotem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** What a real ring sent, as a capture, and what {@code totem decode} makes of it. */
class DecodedRingIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int NODES = 3;

    @TempDir
    Path folder;

    private final Queue<byte[]> sent = new ConcurrentLinkedQueue<>();

    /** Keeps a copy of each frame that is sealed. */
    private record Tapped(DatagramSeal seal, Queue<byte[]> sent) implements DatagramSeal {

        @Override
        public String suite() {
            return seal.suite();
        }

        @Override
        public SealSession session(NodeId self, String cluster) {
            return new TappedSession(seal.session(self, cluster), sent);
        }
    }

    private record TappedSession(SealSession session, Queue<byte[]> sent) implements SealSession {

        private void keep(ByteBuffer frame, int from) {
            byte[] copy = new byte[frame.position() - from];
            frame.get(from, copy);
            sent.add(copy);
        }

        @Override
        public int overheadBytes() {
            return session.overheadBytes();
        }

        @Override
        public void seal(ByteBuffer plaintext, ByteBuffer frame) {
            int from = frame.position();
            session.seal(plaintext, frame);
            keep(frame, from);
        }

        @Override
        public void seal(NodeId to, ByteBuffer plaintext, ByteBuffer frame) {
            int from = frame.position();
            session.seal(to, plaintext, frame);
            keep(frame, from);
        }

        @Override
        public void readAt(long nowNanos) {
            session.readAt(nowNanos);
        }

        @Override
        public boolean isAuthentic() {
            return session.isAuthentic();
        }

        @Override
        public void turn(int index, int of) {
            session.turn(index, of);
        }

        @Override
        public Optional<ByteBuffer> challenge(NodeId node) {
            return session.challenge(node);
        }

        @Override
        public Opened open(ByteBuffer frames) {
            Opened opened = session.open(frames);
            if (opened instanceof Opened.Proof proof) {
                proof.reply().ifPresent(reply -> {
                    byte[] copy = new byte[reply.remaining()];
                    reply.duplicate().get(copy);
                    sent.add(copy);
                });
            }
            return opened;
        }

        @Override
        public SealKeys keys() {
            return session.keys();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private static List<Integer> freePorts() throws IOException {
        List<DatagramSocket> sockets = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            sockets.add(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        }
        List<Integer> ports = sockets.stream().map(DatagramSocket::getLocalPort).toList();
        sockets.forEach(DatagramSocket::close);
        return ports;
    }

    private static Peer[] peers(List<Integer> ports) {
        return IntStream.range(0, NODES)
                .mapToObj(node -> Peer.of(node + 1, "127.0.0.1", ports.get(node)))
                .toArray(Peer[]::new);
    }

    /** A ring forms, every node sends a message to a group and all hear them, and the nodes leave. */
    private Path capture(DatagramSeal seal) throws IOException {
        List<Integer> ports = freePorts();
        List<TotemNode> nodes = new ArrayList<>();
        List<EvsHandle> handles = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(UdpTotem.create()
                    .nodeId(i + 1)
                    .bind("127.0.0.1", ports.get(i))
                    .peers(peers(ports))
                    .seal(new Tapped(seal, sent))
                    .stateDirectory(folder.resolve("state" + i))
                    .start()
                    .block(SOON));
        }
        nodes.forEach(node -> handles.add(node.openHandle()));
        handles.forEach(handle -> handle.configChanges()
                .filter(change -> change.members().size() == NODES)
                .blockFirst(SOON));
        handles.forEach(handle -> handle.join("lab").block(SOON));
        CompletableFuture<List<Delivery>> heard = Flux.merge(
                        handles.stream().map(EvsHandle::deliveries).toList())
                .take((long) NODES * NODES)
                .collectList()
                .toFuture();
        Message hello = Message.to("lab").safe().payload("hello".getBytes(StandardCharsets.UTF_8));
        handles.forEach(handle -> handle.send(hello).block(SOON));
        assertThat(heard.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join()).hasSize(NODES * NODES);
        nodes.forEach(node -> node.leave().block(SOON));
        PcapFile capture = new PcapFile(1);
        sent.forEach(frame -> capture.add(PcapFile.ethernet(0x0800, PcapFile.ipv4(frame))));
        return capture.write(folder.resolve("ring.pcap"));
    }

    private List<String> decode(String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = TotemCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.concat(Stream.of("decode"), Stream.of(options)).toArray(String[]::new));
        assertThat(status).isZero();
        assertThat(err.toString().strip())
                .isEqualTo(sent.size() + " packets, " + sent.size() + " frames, 0 that could not be read");
        return out.toString().lines().toList();
    }

    private static void tells(List<String> lines) {
        for (String kind : List.of("Join[", "CommitToken[", "RegularToken[", "RegularMessage[", "Leave[")) {
            assertThat(lines).anySatisfy(line -> assertThat(line).contains(kind));
        }
        for (int node = 1; node <= NODES; node++) {
            String message = "of node " + node + " to [lab], 5 bytes";
            assertThat(lines).anySatisfy(line -> assertThat(line).contains(message));
        }
        assertThat(lines).noneSatisfy(line -> assertThat(line).contains("hello"));
    }

    @Test
    void aSealedRingIsReadWithItsKey() throws IOException {
        Path keys = folder.resolve("keys");
        KeyFile.create(keys);
        Path file = capture(AeadSeal.fromKeyFile(keys));
        List<String> lines = decode(file.toString(), "--key", keys.toString());

        tells(lines);
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).contains("Challenge: life "))
                .anySatisfy(line -> assertThat(line).contains("Answer: for life "));
    }

    @Test
    void aPlainRingIsReadAsItIs() throws IOException {
        tells(decode(capture(PlainSeal.create()).toString()));
    }
}

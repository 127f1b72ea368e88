/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.NodeId;
import dev.totem.core.spi.SealHeader;
import dev.totem.transport.HostAddress;
import dev.totem.transport.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks listed peers whether they are there, as a node does at its address: a peer answers whom its own list has there, with that id.
 * Any thread; blocks.
 */
final class PeerProbe {

    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final int READ_BYTES = 1 << 16;

    private final HostAddress local;
    private final int id;
    private final int clusterTag;

    PeerProbe(HostAddress local, int id, String cluster) {
        this.local = local;
        this.id = id;
        this.clusterTag = SealHeader.clusterTag(cluster);
    }

    /** What became of the question. */
    private enum State {
        SILENT,
        /** It answers, and has the id it is listed with. */
        ANSWERS,
        /** It answers with another one. */
        HAS_OTHER_ID,
        /** Its host says that nobody is at this port. */
        NOT_STARTED
    }

    private static final class Asked {
        final Peer peer;
        final DatagramChannel channel;
        State state = State.SILENT;
        int speaker;

        Asked(Peer peer, DatagramChannel channel) {
            this.peer = peer;
            this.channel = channel;
        }
    }

    /**
     * Whether they are there and know where this node will be. Those whose names do not resolve are for another check.
     *
     * @param time how long to wait for the last of them
     */
    Finding ask(List<Peer> peers, Duration time) {
        List<Asked> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (Peer peer : peers) {
                InetSocketAddress at = address(peer);
                if (peer.id().value() != id && at != null && !at.equals(local.address())) {
                    Asked asked = new Asked(peer, open(at));
                    all.add(asked);
                    asked.channel.register(selector, SelectionKey.OP_READ, asked);
                }
            }
            await(selector, all, time);
            return finding(peers.size(), all);
        } catch (IOException refused) {
            return Finding.warn(
                    "peers", "they cannot be asked from " + local + ": " + refused.getMessage(), "see address and port");
        } finally {
            for (Asked asked : all) {
                close(asked.channel);
            }
        }
    }

    private static @Nullable InetSocketAddress address(Peer peer) {
        try {
            return new InetSocketAddress(InetAddress.getByName(peer.host()), peer.port());
        } catch (UnknownHostException unknown) {
            return null;
        }
    }

    /** One socket a peer, as only a connected one is told that nobody is there. */
    private DatagramChannel open(InetSocketAddress peer) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            channel.bind(local.address());
            channel.connect(peer);
            channel.configureBlocking(false);
            return channel;
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    private static void close(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            // it was of no use any more
        }
    }

    private void await(Selector selector, List<Asked> all, Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        long askAt = System.nanoTime();
        ByteBuffer read = ByteBuffer.allocate(READ_BYTES);
        for (long now = askAt; now - end < 0; now = System.nanoTime()) {
            if (all.stream().noneMatch(asked -> asked.state == State.SILENT)) {
                return;
            }
            if (now - askAt >= 0) {
                all.stream().filter(asked -> asked.state == State.SILENT).forEach(this::send);
                askAt = now + AGAIN.toNanos();
            }
            selector.select(Math.max(1, Math.min(end - now, askAt - now) / 1_000_000));
            for (SelectionKey key : selector.selectedKeys()) {
                read((Asked) key.attachment(), read);
            }
            selector.selectedKeys().clear();
        }
    }

    private void send(Asked asked) {
        ByteBuffer question = ByteBuffer.allocate(SealHeader.BYTES);
        new SealHeader(0, 0, clusterTag, NodeId.of(id)).write(question, SealHeader.BYTES, SealHeader.KIND_WHO, 0, 0);
        try {
            asked.channel.write(question.flip());
        } catch (PortUnreachableException nobody) {
            asked.state = State.NOT_STARTED;
        } catch (IOException lost) {
            // as any datagram may be
        }
    }

    private void read(Asked asked, ByteBuffer read) {
        try {
            if (asked.channel.read(read.clear()) > 0) {
                asked.speaker = SealHeader.senderOf(read.flip(), clusterTag);
                if (asked.speaker > 0) {
                    asked.state =
                            asked.speaker == asked.peer.id().value() ? State.ANSWERS : State.HAS_OTHER_ID;
                }
            }
        } catch (PortUnreachableException nobody) {
            asked.state = State.NOT_STARTED;
        } catch (IOException lost) {
            // as any datagram may be
        }
    }

    private Finding finding(int listed, List<Asked> all) {
        List<String> others = all.stream()
                .filter(asked -> asked.state == State.HAS_OTHER_ID)
                .map(asked -> asked.peer + " is node " + asked.speaker)
                .toList();
        if (!others.isEmpty()) {
            return Finding.bad(
                    "peers", String.join(", ", others), "correct the list here, or the id of the node that is there");
        }
        List<String> silent = in(State.SILENT, all);
        if (!silent.isEmpty()) {
            return Finding.warn(
                    "peers",
                    "no answer from " + String.join(", ", silent) + " to node " + id + " at " + local,
                    "see whether it is reached, and whether its list has node " + id
                            + " there: frames of a node that is listed elsewhere, as when its id is taken, are refused");
        }
        return Finding.ok(
                "peers",
                listed + " listed, all with an address; " + told("answer", in(State.ANSWERS, all)) + ", "
                        + told("not started", in(State.NOT_STARTED, all)));
    }

    private static List<String> in(State state, List<Asked> all) {
        return all.stream()
                .filter(asked -> asked.state == state)
                .map(asked -> asked.peer.toString())
                .toList();
    }

    private static String told(String what, List<String> peers) {
        return what + ": " + (peers.isEmpty() ? "none" : String.join(", ", peers));
    }
}

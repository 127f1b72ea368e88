/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.spi.DatagramLink;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One life's socket on a simulated network: bounded, read in batches, and coalescing what one sender sent in a row. One
 * thread.
 */
final class SimLink implements DatagramLink {

    private static final Statistic OVERFLOWS =
            Statistic.counter("link-overflows", "frames", "frames that found the receive buffer full");

    private static final int BUFFER_BYTES_MAX = 4 << 20;
    private static final int READ_FRAMES_MAX = 64;
    private static final int COALESCED_BYTES_MAX = 60_000;
    private static final long FRAME_NANOS = 2_000;

    private final SimNetwork network;
    private final SimLife life;
    private final SimAddress address;
    private final int index;
    private final int frameBytesMax;
    private final List<Outbound> outbound = new ArrayList<>();
    private final ArrayDeque<Inbound> inbound = new ArrayDeque<>();
    private @Nullable Receiver receiver;
    private boolean open = true;
    private boolean readDue;
    private int inboundBytes;
    private long overflows;
    private long received;
    private long sent;

    SimLink(SimNetwork network, SimLife life, int index, int frameBytesMax) {
        this.network = network;
        this.life = life;
        this.address = new SimAddress(life.id(), index);
        this.index = index;
        this.frameBytesMax = frameBytesMax;
    }

    SimAddress address() {
        return address;
    }

    int index() {
        return index;
    }

    @Override
    public int frameBytesMax() {
        return frameBytesMax;
    }

    @Override
    public void start(Receiver target) {
        receiver = target;
        if (!inbound.isEmpty()) {
            readSoon();
        }
    }

    @Override
    public void multicast(ByteBuffer frame) {
        outbound.add(new Outbound(Optional.empty(), copy(frame)));
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        outbound.add(new Outbound(Optional.of(to), copy(frame)));
    }

    @Override
    public void reply(SocketAddress source, ByteBuffer frame) {
        unicast(((SimAddress) source).node(), frame);
    }

    @Override
    public void flush() {
        long departs = life.trueNowNanos();
        for (Outbound out : outbound) {
            departs += FRAME_NANOS;
            sent++;
            if (out.to.isPresent()) {
                network.toNode(this, out.to.get(), out.frame, departs);
            } else {
                network.toAll(this, out.frame, departs);
            }
        }
        outbound.clear();
    }

    @Override
    public boolean learn(NodeId node, SocketAddress source) {
        return false;
    }

    @Override
    public void proven(NodeId node, SocketAddress source, boolean isNewLife) {}

    @Override
    public Map<Statistic, Long> statistics() {
        return Map.of(Statistics.LINK_FRAMES_SENT, sent, Statistics.LINK_READS, received, OVERFLOWS, overflows);
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> network.detach(this));
    }

    void shut() {
        open = false;
        inbound.clear();
        outbound.clear();
    }

    /** The kernel's part: it fills the buffer also while the process is paused. */
    void arrived(byte[] frame, SimAddress from) {
        if (!open) {
            return;
        }
        if (inboundBytes + frame.length > BUFFER_BYTES_MAX) {
            overflows++;
            return;
        }
        inboundBytes += frame.length;
        inbound.add(new Inbound(frame, from));
        readSoon();
    }

    private void readSoon() {
        if (!readDue && receiver != null) {
            readDue = true;
            life.execute(this::read);
        }
    }

    private void read() {
        readDue = false;
        Receiver target = receiver;
        if (!open || target == null) {
            return;
        }
        for (int frames = 0; frames < READ_FRAMES_MAX && !inbound.isEmpty(); ) {
            List<Inbound> row = nextRow();
            frames += row.size();
            received += row.size();
            ByteBuffer bytes = ByteBuffer.allocate(
                    row.stream().mapToInt(one -> one.frame.length).sum());
            row.forEach(one -> bytes.put(one.frame));
            inboundBytes -= bytes.capacity();
            target.received(bytes.flip(), row.get(0).from);
        }
        if (!inbound.isEmpty()) {
            readSoon();
        }
    }

    /** Frames of one sender and one length in a row, of which the last may be shorter: what GRO puts together. */
    private List<Inbound> nextRow() {
        List<Inbound> row = new ArrayList<>();
        Inbound first = inbound.remove();
        row.add(first);
        int bytes = first.frame.length;
        while (!inbound.isEmpty() && bytes < COALESCED_BYTES_MAX) {
            Inbound next = inbound.element();
            boolean ended = row.get(row.size() - 1).frame.length < first.frame.length;
            if (ended || !next.from.equals(first.from) || next.frame.length > first.frame.length) {
                break;
            }
            row.add(inbound.remove());
            bytes += next.frame.length;
        }
        return row;
    }

    private static byte[] copy(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    private record Outbound(Optional<NodeId> to, byte[] frame) {}

    private record Inbound(byte[] frame, SimAddress from) {}
}

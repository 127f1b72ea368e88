/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.ring;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.spi.DatagramLink;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A node's way to the others in the memory of one JVM. On the node's loop, unless the interface says otherwise. */
final class MemoryLink implements DatagramLink {

    private static final Statistic OVERFLOWS =
            Statistic.counter("link-overflows", "frames", "frames that found the receive buffer full");

    private static final int FRAME_BYTES_MAX = 1_472;

    /** What a socket buffer of 12 MiB holds. */
    private static final int WAITING_MAX = 8_192;

    private final MemoryNetwork network;
    private final NodeId node;
    private final ThreadLoop loop;
    private final Address address;
    private final List<Runnable> outbound = new ArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong overflows = new AtomicLong();
    private @Nullable Receiver receiver;

    MemoryLink(MemoryNetwork network, NodeId node, ThreadLoop loop) {
        this.network = network;
        this.node = node;
        this.loop = loop;
        this.address = new Address(node);
    }

    NodeId node() {
        return node;
    }

    Address address() {
        return address;
    }

    @Override
    public int frameBytesMax() {
        return FRAME_BYTES_MAX;
    }

    @Override
    public void start(Receiver target) {
        receiver = target;
    }

    @Override
    public void multicast(ByteBuffer frame) {
        byte[] copy = copy(frame);
        outbound.add(() -> network.toAll(this, copy));
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        byte[] copy = copy(frame);
        outbound.add(() -> network.toNode(this, to, copy));
    }

    @Override
    public void reply(SocketAddress source, ByteBuffer frame) {
        unicast(((Address) source).node(), frame);
    }

    @Override
    public void flush() {
        outbound.forEach(Runnable::run);
        outbound.clear();
    }

    @Override
    public boolean learn(NodeId who, SocketAddress source) {
        return false;
    }

    @Override
    public void proven(NodeId who, SocketAddress source, boolean isNewLife) {}

    @Override
    public Map<Statistic, Long> statistics() {
        return Map.of(Statistics.LINK_READS, received.get(), OVERFLOWS, overflows.get());
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> network.detach(this));
    }

    /** Any thread. */
    void arrived(byte[] frame, SocketAddress from) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            overflows.incrementAndGet();
            return;
        }
        try {
            loop.execute(() -> read(frame, from));
        } catch (RejectedExecutionException stopped) {
            network.detach(this);
        }
    }

    private void read(byte[] frame, SocketAddress from) {
        waiting.decrementAndGet();
        Receiver target = receiver;
        if (target != null) {
            received.incrementAndGet();
            target.received(ByteBuffer.wrap(frame.clone()), from);
        }
    }

    private static byte[] copy(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** Where a link is. Immutable, any thread. */
    static final class Address extends SocketAddress {

        private static final long serialVersionUID = 1L;

        private final int node;

        Address(NodeId node) {
            this.node = node.value();
        }

        NodeId node() {
            return NodeId.of(node);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Address address && address.node == node;
        }

        @Override
        public int hashCode() {
            return node;
        }

        @Override
        public String toString() {
            return "memory:" + node;
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.SealHeader;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** A link that keeps some reads of one node to itself, as a network that loses them. Node loop, {@link #steal} on any thread. */
final class StealingLink implements DatagramLink {

    private final DatagramLink link;
    private final int victimOfTheft;
    private final AtomicInteger wanted = new AtomicInteger();
    private final BlockingQueue<byte[]> stolen = new LinkedBlockingQueue<>();

    StealingLink(DatagramLink link, int victimOfTheft) {
        this.link = link;
        this.victimOfTheft = victimOfTheft;
    }

    /** Waits for a frame of the node for everybody that this one does not get. */
    byte[] steal() throws InterruptedException {
        wanted.incrementAndGet();
        return stolen.take();
    }

    private boolean isWanted(ByteBuffer bytes) {
        int at = bytes.position();
        return bytes.remaining() > SealHeader.BYTES + Integer.BYTES
                && SealHeader.senderAt(bytes, at) == victimOfTheft
                && SealHeader.kindAt(bytes, at) == SealHeader.KIND_PROTOCOL
                && bytes.getInt(at + SealHeader.BYTES) == 0
                && wanted.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    @Override
    public void start(Receiver receiver) {
        link.start(new Receiver() {
            @Override
            public void received(ByteBuffer bytes, SocketAddress source) {
                if (isWanted(bytes)) {
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    stolen.add(copy);
                } else {
                    receiver.received(bytes, source);
                }
            }

            @Override
            public void misplaced(NodeId claimed, SocketAddress source, Optional<NodeId> listed) {
                receiver.misplaced(claimed, source, listed);
            }

            @Override
            public void readComplete() {
                receiver.readComplete();
            }
        });
    }

    @Override
    public int frameBytesMax() {
        return link.frameBytesMax();
    }

    @Override
    public void multicast(ByteBuffer frame) {
        link.multicast(frame);
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        link.unicast(to, frame);
    }

    @Override
    public void reply(SocketAddress source, ByteBuffer frame) {
        link.reply(source, frame);
    }

    @Override
    public void flush() {
        link.flush();
    }

    @Override
    public boolean learn(NodeId node, SocketAddress source) {
        return link.learn(node, source);
    }

    @Override
    public void proven(NodeId node, SocketAddress source, boolean isNewLife) {
        link.proven(node, source, isNewLife);
    }

    @Override
    public void partners(Collection<NodeId> members) {
        link.partners(members);
    }

    @Override
    public Map<Statistic, Long> statistics() {
        return link.statistics();
    }

    @Override
    public Mono<Void> close() {
        return link.close();
    }
}

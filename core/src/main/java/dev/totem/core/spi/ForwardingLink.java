/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import static java.util.Objects.requireNonNull;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * A link in front of another one, for links that observe or disturb: everything is passed on, and what is overridden is different.
 * Threads as {@link DatagramLink} says.
 *
 * <p>It passes on what a link may later have, too, which one that is written by hand would answer with the default.
 */
public abstract class ForwardingLink implements DatagramLink {

    private final DatagramLink link;

    protected ForwardingLink(DatagramLink link) {
        this.link = requireNonNull(link, "link");
    }

    @Override
    public int frameBytesMax() {
        return link.frameBytesMax();
    }

    @Override
    public int frameBytes() {
        return link.frameBytes();
    }

    @Override
    public int frameBytesLeast() {
        return link.frameBytesLeast();
    }

    @Override
    public void start(Receiver receiver) {
        link.start(receiver);
    }

    @Override
    public void multicast(ByteBuffer frame) {
        link.multicast(frame);
    }

    @Override
    public void announce(ByteBuffer frame) {
        link.announce(frame);
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
    public Optional<ByteBuffer> notice(int bytesMax) {
        return link.notice(bytesMax);
    }

    @Override
    public void told(NodeId by, ByteBuffer notice) {
        link.told(by, notice);
    }

    @Override
    public Map<Statistic, Long> statistics() {
        return link.statistics();
    }

    @Override
    public Mono<Void> close() {
        return link.close();
    }

    /** A receiver in front of another one; what is overridden is different. Node loop only. */
    public abstract static class ForwardingReceiver implements Receiver {

        private final Receiver receiver;

        protected ForwardingReceiver(Receiver receiver) {
            this.receiver = requireNonNull(receiver, "receiver");
        }

        @Override
        public void received(ByteBuffer bytes, SocketAddress source) {
            receiver.received(bytes, source);
        }

        @Override
        public void misplaced(NodeId claimed, SocketAddress source, Optional<NodeId> listed) {
            receiver.misplaced(claimed, source, listed);
        }

        @Override
        public void noticeDue() {
            receiver.noticeDue();
        }

        @Override
        public void tell(Optional<NodeId> to, ByteBuffer notice, int frameBytes) {
            receiver.tell(to, notice, frameBytes);
        }
    }
}

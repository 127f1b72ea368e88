/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.PeerPlace;
import java.util.List;
import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.spi.DatagramLink;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A link that can be cut: then nothing leaves and nothing arrives. Node loop, {@link #cut} on any thread. */
public final class CuttableLink implements DatagramLink {

    private final DatagramLink link;
    private volatile boolean cut;

    public CuttableLink(DatagramLink link) {
        this.link = link;
    }

    public void cut(boolean value) {
        cut = value;
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
        link.start(new Receiver() {
            @Override
            public void received(ByteBuffer bytes, SocketAddress source) {
                if (!cut) {
                    receiver.received(bytes, source);
                }
            }

            @Override
            public void noticeDue() {
                receiver.noticeDue();
            }

            @Override
            public void tell(Optional<NodeId> to, ByteBuffer notice, int frameBytes) {
                receiver.tell(to, notice, frameBytes);
            }

            @Override
            public void readComplete() {
                receiver.readComplete();
            }
        });
    }

    @Override
    public void multicast(ByteBuffer frame) {
        if (!cut) {
            link.multicast(frame);
        }
    }

    @Override
    public void announce(ByteBuffer frame) {
        if (!cut) {
            link.announce(frame);
        }
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        if (!cut) {
            link.unicast(to, frame);
        }
    }

    @Override
    public void reply(SocketAddress source, ByteBuffer frame) {
        if (!cut) {
            link.reply(source, frame);
        }
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
    public List<PeerPlace> places() {
        return link.places();
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

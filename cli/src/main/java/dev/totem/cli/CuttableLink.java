/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.ForwardingLink;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A link that can be cut: then nothing leaves and nothing arrives. Node loop, {@link #cut} on any thread. */
public final class CuttableLink extends ForwardingLink {

    private volatile boolean cut;

    public CuttableLink(DatagramLink link) {
        super(link);
    }

    public void cut(boolean value) {
        cut = value;
    }

    @Override
    public void start(Receiver receiver) {
        super.start(new ForwardingReceiver(receiver) {
            @Override
            public void received(ByteBuffer bytes, SocketAddress source) {
                if (!cut) {
                    super.received(bytes, source);
                }
            }

            @Override
            public void misplaced(NodeId claimed, SocketAddress source, Optional<NodeId> listed) {
                if (!cut) {
                    super.misplaced(claimed, source, listed);
                }
            }
        });
    }

    @Override
    public void multicast(ByteBuffer frame) {
        if (!cut) {
            super.multicast(frame);
        }
    }

    @Override
    public void announce(ByteBuffer frame) {
        if (!cut) {
            super.announce(frame);
        }
    }

    @Override
    public void unicast(NodeId to, ByteBuffer frame) {
        if (!cut) {
            super.unicast(to, frame);
        }
    }

    @Override
    public void reply(SocketAddress source, ByteBuffer frame) {
        if (!cut) {
            super.reply(source, frame);
        }
    }
}

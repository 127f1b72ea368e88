/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramLink.Receiver;
import dev.totem.core.spi.ForwardingLink;
import dev.totem.core.spi.ForwardingLink.ForwardingReceiver;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** What is wrong with a link of a node in this JVM. Any thread. */
final class FaultyLink {

    private final Set<Integer> unheard = ConcurrentHashMap.newKeySet();
    private volatile boolean isMute;
    private volatile boolean isDeaf;
    private volatile int longest = Integer.MAX_VALUE;
    private volatile CountDownLatch stop = new CountDownLatch(0);

    /** Nothing comes and nothing goes. */
    void cut(boolean value) {
        isMute = value;
        isDeaf = value;
    }

    /** Nothing comes. */
    void deafen() {
        isDeaf = true;
    }

    /** Nothing comes from that port. */
    void deafenTo(int port) {
        unheard.add(port);
    }

    /** Nothing comes that has more bytes. */
    void deafenToLonger(int bytes) {
        longest = bytes;
    }

    /** The thread of the node stands still until this is counted down. */
    CountDownLatch stop() {
        CountDownLatch latch = new CountDownLatch(1);
        stop = latch;
        return latch;
    }

    DatagramLink around(DatagramLink link) {
        return new ForwardingLink(link) {

            @Override
            public void start(Receiver receiver) {
                super.start(disturbed(receiver));
            }

            @Override
            public void multicast(ByteBuffer frame) {
                if (!isMute) {
                    super.multicast(frame);
                }
            }

            @Override
            public void announce(ByteBuffer frame) {
                if (!isMute) {
                    super.announce(frame);
                }
            }

            @Override
            public void unicast(NodeId to, ByteBuffer frame) {
                if (!isMute) {
                    super.unicast(to, frame);
                }
            }

            @Override
            public void reply(SocketAddress source, ByteBuffer frame) {
                if (!isMute) {
                    super.reply(source, frame);
                }
            }
        };
    }

    private Receiver disturbed(Receiver receiver) {
        return new ForwardingReceiver(receiver) {
            @Override
            public void received(ByteBuffer bytes, SocketAddress source) {
                try {
                    stop.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                boolean isHeard = !isDeaf
                        && bytes.remaining() <= longest
                        && !(source instanceof InetSocketAddress from && unheard.contains(from.getPort()));
                if (isHeard) {
                    super.received(bytes, source);
                }
            }

            @Override
            public void misplaced(NodeId claimed, SocketAddress source, Optional<NodeId> listed) {
                if (!isDeaf) {
                    super.misplaced(claimed, source, listed);
                }
            }
        };
    }
}

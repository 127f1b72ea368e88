/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * One meeting in a multicast group: says where this node is and hears where others are, on a thread of its own. A beacon is
 * the word {@code TTMD} and a port; the address is where it comes from.
 */
final class Beacons {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.transport.discovery");

    private static final int WORD = 0x54_54_4D_44;
    private static final int BEACON_BYTES = 6;
    private static final long SAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int LISTEN_MILLIS = 100;
    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long REPAIR_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A node hears itself, unless the group was lost with the interface. */
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Endpoint group;
    private final @Nullable InetSocketAddress self;

    private final Map<InetSocketAddress, Long> heard = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Long> eldest) {
            return size() > Search.FOUND_MAX;
        }
    };

    private volatile boolean isEnded;
    private boolean isFailing;
    private long heardNanos;

    /** @param self where this node is reached; a node that does not say it only listens */
    Beacons(Endpoint group, @Nullable InetSocketAddress self) {
        this.group = group;
        this.self = self;
    }

    Flux<Set<InetSocketAddress>> run() {
        return Flux.<Set<InetSocketAddress>>create(
                        sink -> {
                            Thread thread = new Thread(() -> meet(sink), "totem-multicast-peers");
                            thread.setDaemon(true);
                            sink.onDispose(() -> isEnded = true);
                            thread.start();
                        },
                        FluxSink.OverflowStrategy.LATEST)
                .distinctUntilChanged();
    }

    /** Until it is cancelled: what ends the socket is repaired. */
    private void meet(FluxSink<Set<InetSocketAddress>> sink) {
        while (!isEnded) {
            try (MulticastSocket socket = open()) {
                talk(socket, sink);
            } catch (IOException | RuntimeException lost) {
                if (!isFailing) {
                    LOG.warn(
                            "{}: nobody is found by this group until it can be joined again: {}",
                            group,
                            lost.toString());
                }
                isFailing = true;
                LockSupport.parkNanos(REPAIR_NANOS);
            }
        }
    }

    private MulticastSocket open() throws IOException {
        InetAddress address = group.resolve();
        NetworkInterface nic = self == null ? null : NetworkInterface.getByInetAddress(self.getAddress());
        MulticastSocket socket = new MulticastSocket(null);
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(new InetSocketAddress(group.port()));
            if (nic != null) {
                socket.setNetworkInterface(nic);
            }
            socket.setTimeToLive(1);
            socket.joinGroup(new InetSocketAddress(address, group.port()), nic);
            socket.setSoTimeout(LISTEN_MILLIS);
            return socket;
        } catch (IOException | RuntimeException refused) {
            socket.close();
            throw refused;
        }
    }

    private void talk(MulticastSocket socket, FluxSink<Set<InetSocketAddress>> sink) throws IOException {
        DatagramPacket beacon = beacon();
        DatagramPacket in = new DatagramPacket(new byte[BEACON_BYTES + 1], BEACON_BYTES + 1);
        long sayNanos = System.nanoTime();
        heardNanos = sayNanos;
        while (!isEnded) {
            if (beacon != null && System.nanoTime() - sayNanos >= 0) {
                socket.send(beacon);
                sayNanos = System.nanoTime() + SAY_NANOS;
            }
            try {
                in.setLength(BEACON_BYTES + 1);
                socket.receive(in);
                hear(in);
            } catch (SocketTimeoutException quiet) {
                long now = System.nanoTime();
                heard.values().removeIf(at -> now - at > KEPT_NANOS);
                if (beacon != null && now - heardNanos > SILENT_NANOS) {
                    throw new IOException("nothing is heard of it, not even this node");
                }
            }
            sink.next(new HashSet<>(heard.keySet()));
        }
    }

    private @Nullable DatagramPacket beacon() {
        if (self == null) {
            return null;
        }
        byte[] said = ByteBuffer.allocate(BEACON_BYTES)
                .putInt(WORD)
                .putShort((short) self.getPort())
                .array();
        return new DatagramPacket(said, said.length, new InetSocketAddress(group.resolve(), group.port()));
    }

    private void hear(DatagramPacket in) {
        ByteBuffer said = ByteBuffer.wrap(in.getData(), 0, in.getLength());
        if (said.remaining() == BEACON_BYTES && said.getInt() == WORD) {
            isHeard();
            int port = Short.toUnsignedInt(said.getShort());
            if (port > 0) {
                heard.put(new InetSocketAddress(in.getAddress(), port), System.nanoTime());
            }
        }
    }

    private void isHeard() {
        if (isFailing) {
            LOG.info("{}: the group is heard again", group);
        }
        isFailing = false;
        heardNanos = System.nanoTime();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * How a socket is to be opened. Any thread.
 *
 * @param bind where it is bound; port 0 lets the system choose
 * @param shared whether other processes of this host may bind the same
 * @param multicastFrom the interface multicasts leave by, if any do
 * @param echoOf the source of the node's own multicasts, if they come back to this socket
 * @param bufferBytes asked for in each direction
 * @param readsMax reads in one pass, before the loop turns to other sockets and tasks
 * @param queueBytesMax what may wait for the system to take it
 */
record SocketPlan(
        InetSocketAddress bind,
        boolean shared,
        @Nullable NetworkInterface multicastFrom,
        @Nullable InetSocketAddress echoOf,
        int bufferBytes,
        int readsMax,
        int queueBytesMax) {

    private static final int LEAST_READS = 64;

    private static final int LEAST_QUEUE_BYTES = 16 << 20;

    /**
     * A socket of its own.
     *
     * @param sizes the traffic it is for
     */
    static SocketPlan own(InetSocketAddress bind, LinkSizes sizes) {
        // Two windows: a pass ends only under a flood, not before all data that is ahead of the token was read.
        int readsMax = Math.max(LEAST_READS, 2 * sizes.windowSize());
        long visitBytes = (long) sizes.visitFrames() * sizes.frameBytesMax() * sizes.copies();
        int queueBytesMax = (int) Math.min(1 << 30, Math.max(LEAST_QUEUE_BYTES, 2 * visitBytes));
        int bufferBytes = SocketBuffers.wantedBytes(sizes.windowWanted(), sizes.frameBytesMax());
        return new SocketPlan(bind, false, null, null, bufferBytes, readsMax, queueBytesMax);
    }

    SocketPlan sharedAt(InetSocketAddress address) {
        return new SocketPlan(address, true, null, null, bufferBytes, readsMax, queueBytesMax);
    }

    SocketPlan at(InetSocketAddress address) {
        return new SocketPlan(address, shared, multicastFrom, echoOf, bufferBytes, readsMax, queueBytesMax);
    }

    /** The same on what is now the interface. */
    SocketPlan on(NetworkInterface nic) {
        SocketPlan moved = at(Endpoint.rescoped(bind, nic));
        return multicastFrom == null ? moved : moved.multicastFrom(nic);
    }

    SocketPlan multicastFrom(NetworkInterface nic) {
        return new SocketPlan(bind, shared, nic, echoOf, bufferBytes, readsMax, queueBytesMax);
    }

    SocketPlan echoOf(InetSocketAddress source) {
        return new SocketPlan(bind, shared, multicastFrom, source, bufferBytes, readsMax, queueBytesMax);
    }

    SocketProtocolFamily family() {
        return bind.getAddress() instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    }

    /** The options of both kinds of channel, set before it is bound. */
    void apply(Bootstrap bootstrap) {
        bootstrap
                .option(ChannelOption.SO_RCVBUF, bufferBytes)
                .option(ChannelOption.SO_SNDBUF, bufferBytes)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(queueBytesMax / 2, queueBytesMax));
        if (shared) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        }
        if (multicastFrom != null) {
            // The kernel's own default, not set here, is that processes of the same host hear each other.
            bootstrap.option(ChannelOption.IP_MULTICAST_IF, multicastFrom).option(ChannelOption.IP_MULTICAST_TTL, 1);
        }
    }
}

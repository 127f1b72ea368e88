/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** The one thread of a node, a daemon, with the sockets it can make. Any thread. */
final class UdpLoop {

    private static final Duration DISPOSE_LIMIT = Duration.ofSeconds(1);

    private final LoopResources resources;
    private final EventLoop eventLoop;
    private final boolean epoll;

    private UdpLoop(LoopResources resources, EventLoopGroup group) {
        this.resources = resources;
        this.eventLoop = group.next();
        this.epoll = resources.onChannelClass(DatagramChannel.class, group) == EpollDatagramChannel.class;
    }

    /**
     * Starts the thread {@code totem-<id>-epoll-1}, or {@code totem-<id>-nio-1}.
     *
     * @param nativeTransport whether to use epoll if it loads
     */
    static UdpLoop start(NodeId self, boolean nativeTransport) {
        LoopResources resources = LoopResources.create("totem-" + self, 1, true);
        return new UdpLoop(resources, resources.onServer(nativeTransport));
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    boolean isEpoll() {
        return epoll;
    }

    /** Whether one write can hold many datagrams and one read many frames. */
    boolean hasSegmentation() {
        return epoll && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    Channel newChannel(SocketProtocolFamily family) {
        return epoll ? new EpollDatagramChannel(family) : new NioDatagramChannel(family);
    }

    ServerChannel newServerChannel() {
        return epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    }

    Channel newStreamChannel() {
        return epoll ? new EpollSocketChannel() : new NioSocketChannel();
    }

    /**
     * Completes when the system has let go of what was closed before: without epoll the JDK closes a socket only when it
     * selects again.
     */
    Mono<Void> afterClosing() {
        if (epoll || !(eventLoop instanceof SingleThreadEventLoop iterating)) {
            return Mono.empty();
        }
        return Mono.<Void>create(
                sink -> iterating.executeAfterEventLoopIteration(() -> eventLoop.execute(sink::success)));
    }

    String transportName(Carrier carrier) {
        if (carrier == Carrier.TCP) {
            return epoll ? "TCP by epoll" : "TCP by NIO";
        }
        return epoll ? hasSegmentation() ? "epoll with segmentation offload" : "epoll" : "NIO";
    }

    /** Ends the thread; tasks that come later are dropped. */
    Mono<Void> dispose() {
        return resources.disposeLater(Duration.ZERO, DISPOSE_LIMIT);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.link;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;

/** The threads that connections share, which are Reactor Netty's, and the channels that fit them. Any thread. */
public final class Sockets {

    private final EventLoopGroup group;
    private final boolean isEpoll;

    private Sockets(EventLoopGroup group, boolean isEpoll) {
        this.group = group;
        this.isEpoll = isEpoll;
    }

    /** Those that Reactor Netty's clients and servers of this JVM use, too. */
    public static Sockets shared() {
        LoopResources resources = TcpResources.get();
        EventLoopGroup group = resources.onServer(LoopResources.DEFAULT_NATIVE);
        return new Sockets(group, resources.onChannelClass(SocketChannel.class, group) == EpollSocketChannel.class);
    }

    public EventLoopGroup group() {
        return group;
    }

    /** Whether it can be asked who is at the other end of a Unix domain socket. */
    public boolean knowsPeers() {
        return isEpoll;
    }

    public Channel unix() {
        return isEpoll ? new EpollDomainSocketChannel() : new NioDomainSocketChannel();
    }

    public ServerChannel unixServer() {
        return isEpoll ? new EpollServerDomainSocketChannel() : new NioServerDomainSocketChannel();
    }

    public Channel tcp() {
        return isEpoll ? new EpollSocketChannel() : new NioSocketChannel();
    }

    public ServerChannel tcpServer() {
        return isEpoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    }

    public SocketAddress address(Path path) {
        return isEpoll ? new DomainSocketAddress(path.toString()) : UnixDomainSocketAddress.of(path);
    }
}

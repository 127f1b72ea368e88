/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.ExecutiveAddress;
import dev.totem.client.internal.link.Sockets;
import dev.totem.client.internal.link.Wire;
import dev.totem.core.ConfigurationException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** One address where clients are accepted. Any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // listeners are told
public final class Listener {

    private final Channel channel;
    private final ExecutiveAddress address;

    private Listener(Channel channel, ExecutiveAddress address) {
        this.channel = channel;
        this.address = address;
    }

    /**
     * What is needed to listen.
     *
     * @param security puts TLS on a connection, if its address is one for it
     */
    public record Plan(Sockets sockets, Sessions sessions, Doorkeepers doorkeepers, Consumer<Channel> security) {}

    /** Completes when it listens; fails with {@link ConfigurationException} if it cannot. Blocks for files: not on a loop. */
    public static Mono<Listener> open(ExecutiveAddress address, Plan plan) {
        return Mono.create(sink -> {
            boolean isUnix = address instanceof ExecutiveAddress.Unix;
            if (address instanceof ExecutiveAddress.Unix unix) {
                makeWay(unix);
            }
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .group(plan.sockets().group())
                    .channelFactory(isUnix ? plan.sockets()::unixServer : plan.sockets()::tcpServer)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accept(channel, address, plan);
                        }
                    });
            bootstrap.bind(target(address, plan)).addListener((ChannelFuture bound) -> {
                if (!bound.isSuccess()) {
                    sink.error(new ConfigurationException(
                            "listen",
                            address.toString(),
                            "cannot listen there: " + bound.cause().getMessage(),
                            bound.cause()));
                    return;
                }
                try {
                    sink.success(new Listener(bound.channel(), ready(address, bound.channel())));
                } catch (IOException failed) {
                    bound.channel().close();
                    sink.error(new ConfigurationException(
                            "listen", address.toString(), "cannot be made the owner's own: " + failed, failed));
                }
            });
        });
    }

    private static void accept(Channel channel, ExecutiveAddress address, Plan plan) {
        boolean isUnix = address instanceof ExecutiveAddress.Unix;
        if (!isUnix) {
            channel.config().setOption(ChannelOption.TCP_NODELAY, true);
            plan.security().accept(channel);
        }
        Greeting greeting = new Greeting(
                plan.sessions(),
                isUnix ? plan.doorkeepers().unix() : plan.doorkeepers().tls());
        Wire wire = Wire.on(channel, Greeting.HELLO_BYTES_MAX, greeting);
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void handlerAdded(ChannelHandlerContext context) {
                greeting.await(wire);
            }
        });
    }

    /** A socket that nobody listens at any more is removed; anything else is left and refused. */
    private static void makeWay(ExecutiveAddress.Unix unix) {
        Path path = unix.path();
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                || Files.isSymbolicLink(path)) {
            throw new ConfigurationException("listen", unix.toString(), "there is something else: name another path");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobody) {
            delete(path);
            return;
        }
        throw new ConfigurationException(
                "listen", unix.toString(), "another executive listens there: end it, or name another path");
    }

    private static SocketAddress target(ExecutiveAddress address, Plan plan) {
        if (address instanceof ExecutiveAddress.Unix unix) {
            return plan.sockets().address(unix.path());
        }
        ExecutiveAddress.Tls tls = (ExecutiveAddress.Tls) address;
        return new InetSocketAddress(tls.host(), tls.port());
    }

    private static ExecutiveAddress ready(ExecutiveAddress address, Channel channel) throws IOException {
        if (address instanceof ExecutiveAddress.Unix unix) {
            Files.setPosixFilePermissions(unix.path(), PosixFilePermissions.fromString("rw-------"));
            return address;
        }
        ExecutiveAddress.Tls tls = (ExecutiveAddress.Tls) address;
        return ExecutiveAddress.tls(tls.host(), ((InetSocketAddress) channel.localAddress()).getPort());
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException failed) {
            throw new ConfigurationException(
                    "listen", "unix:" + path, "what is there cannot be removed: " + failed.getMessage(), failed);
        }
    }

    /** With the port that was taken. */
    public ExecutiveAddress address() {
        return address;
    }

    /** Completes when nobody is accepted any more. */
    public Mono<Void> close() {
        return Mono.create(sink -> channel.close().addListener(closed -> {
            if (address instanceof ExecutiveAddress.Unix unix) {
                delete(unix.path());
            }
            sink.success();
        }));
    }
}

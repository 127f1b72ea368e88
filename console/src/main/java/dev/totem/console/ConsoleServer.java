/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** The listening socket, its connections, and the one thread that serves them. Any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody asks what became of a connection that was to be closed
final class ConsoleServer {

    /** Beside the readers of streams. */
    private static final int CONNECTIONS_MAX = 16;

    private static final int SEND_BUFFER_BYTES = 1 << 16;
    private static final int LINE_BYTES_MAX = 2_048;
    private static final int HEADER_BYTES_MAX = 8_192;
    private static final int REQUESTS_MAX = 1_000;

    private final LoopResources loops = LoopResources.create("totem-console", 1, true);
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final ConsolePlan plan;

    ConsoleServer(ConsolePlan plan) {
        this.plan = plan;
    }

    /** Its thread. */
    Scheduler scheduler() {
        return Schedulers.fromExecutorService(loops.onServer(LoopResources.DEFAULT_NATIVE));
    }

    Mono<DisposableServer> bind(InetSocketAddress address, Routes routes) {
        Duration patience = plan.pace().patience();
        return HttpServer.create()
                .runOn(loops)
                .bindAddress(() -> address)
                .protocol(HttpProtocol.HTTP11)
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
                .httpRequestDecoder(
                        decoder -> decoder.maxInitialLineLength(LINE_BYTES_MAX).maxHeaderSize(HEADER_BYTES_MAX))
                .idleTimeout(patience)
                .requestTimeout(patience)
                .maxKeepAliveRequests(REQUESTS_MAX)
                .doOnChannelInit((observer, channel, remote) -> accept(channel))
                .handle(routes::answer)
                .bind()
                .cast(DisposableServer.class)
                .onErrorMap(failed -> plan.refused(
                        "it cannot listen there, " + reason(failed)
                                + ": take an address of this host and a port that is free",
                        failed));
    }

    /** What is closed says so to those who wait for it. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void end(ChannelOutboundInvoker connection) {
        connection.close();
    }

    /** On the one thread. Whoever does not take what was written is cut off, and so is whoever is too many. */
    private void accept(Channel channel) {
        if (connections.size() >= plan.readers() + CONNECTIONS_MAX) {
            end(channel);
            return;
        }
        connections.add(channel);
        channel.pipeline()
                .addAfter(NettyPipeline.HttpCodec, "totem.malformedRequests", new MalformedRequests())
                .addFirst(new WriteTimeoutHandler(plan.pace().patience().toMillis(), TimeUnit.MILLISECONDS) {
                    @Override
                    protected void writeTimedOut(ChannelHandlerContext context) {
                        end(context); // and no line in the log: anybody can cause it
                    }
                });
    }

    /** Ends all connections and the thread. Cold, idempotent. */
    @SuppressWarnings("FutureReturnValueIgnored")
    Mono<Void> close() {
        return Mono.defer(() -> {
            connections.close();
            return loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1));
        });
    }

    private static String reason(Throwable failed) {
        Throwable root = failed;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}

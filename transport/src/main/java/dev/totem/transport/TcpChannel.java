/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.spi.DatagramLink.Receiver;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;

/**
 * Frames over TCP, one connection a pair ({@link Connections}). The source of what comes is where the peer is connected to, so
 * a peer has one address, whoever has made the connection. Node loop only unless a method says otherwise.
 *
 * <p>Whoever reads too slowly costs itself: what exceeds its queue is dropped and counted, as a full socket drops datagrams. A
 * connection on which nothing is heard for two seconds, not even a beat, is ended and made again when there is something to
 * say: so it does not matter whether the system notices that the other side is gone.
 */
final class TcpChannel implements FrameChannel, TcpConnection.Owner {

    private static final int CONNECT_MILLIS = 1_000;
    private static final int REOPEN_MILLIS = 200;
    private static final int BACKLOG = 512;
    private static final int READS_MAX = 64;
    private static final int READ_BYTES_MAX = 1 << 18;

    private final UdpLoop loop;
    private final LinkCounters counters;
    private final LinkLog log;
    private final Connections connections = new Connections();
    private final Set<TcpConnection> unflushed = new LinkedHashSet<>();
    private volatile TcpPlan plan;
    private @Nullable Receiver receiver;
    private @Nullable TcpConnection reading;
    private @Nullable Future<?> beating;
    private long beatNanos = System.nanoTime();
    private volatile @Nullable Channel server;
    private volatile boolean closing;

    TcpChannel(UdpLoop loop, TcpPlan plan, LinkCounters counters, LinkLog log) {
        this.loop = loop;
        this.plan = plan;
        this.counters = counters;
        this.log = log;
    }

    @Override
    public Mono<Void> open() {
        return Linkage.defer(() -> {
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .group(loop.eventLoop())
                    .channelFactory(loop::newServerChannel)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.AUTO_READ, receiver != null)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel accepted) {
                            accepted(accepted);
                        }
                    });
            return Mono.<Void>create(sink -> {
                ChannelFuture bound = bootstrap.bind(plan.bind());
                bound.addListener(done -> {
                    if (done.isSuccess()) {
                        opened(bound.channel());
                        sink.success();
                    } else {
                        sink.error(done.cause());
                    }
                });
            });
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the close future tells, and a loop that ends needs no socket
    private void opened(Channel bound) {
        server = bound;
        plan = plan.at((InetSocketAddress) bound.localAddress());
        bound.closeFuture().addListener(closed -> reopenUnlessClosing());
        if (closing) {
            bound.close();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the close future tells, and a loop that ends needs no socket
    private void reopenUnlessClosing() {
        if (closing || loop.eventLoop().isShuttingDown()) {
            return;
        }
        log.warn("a socket has ended and will be opened again", Endpoint.text(plan.bind()));
        loop.eventLoop().schedule(this::reopen, REOPEN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void reopen() {
        if (!closing) {
            open().subscribe(
                            nothing -> {},
                            refused -> reopenUnlessClosing(),
                            () -> counters.increment(LinkCounter.SOCKETS_REOPENED));
        }
    }

    @Override
    public void start(Receiver to) {
        receiver = to;
        Channel open = server;
        if (open != null) {
            open.config().setAutoRead(true);
        }
        long periodNanos = TcpConnection.BEAT_NANOS / 2;
        beatNanos = System.nanoTime();
        beating = loop.eventLoop().scheduleWithFixedDelay(this::beat, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the close future tells
    private void accepted(Channel channel) {
        configure(channel);
        if (closing) {
            channel.close();
            return;
        }
        took(new TcpConnection(this, channel, null));
        connections.strangerTooMany().ifPresent(oldest -> {
            counters.increment(LinkCounter.CONNECTIONS_REFUSED);
            oldest.abort();
        });
    }

    private void took(TcpConnection connection) {
        connections.add(connection);
        connection.channel().closeFuture().addListener(closed -> connections.remove(connection));
    }

    private void configure(Channel channel) {
        int queueBytesMax = plan.queueBytesMax();
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(queueBytesMax / 2, queueBytesMax));
        channel.config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(1_024, 1 << 16, READ_BYTES_MAX).maxMessagesPerRead(READS_MAX));
    }

    @Override
    public InetSocketAddress localAddress() {
        return plan.bind();
    }

    @Override
    public int portToldOthers() {
        return plan.portToldOthers();
    }

    /** A stream keeps what its reader has not read at the sender: its queue is what bounds it. */
    @Override
    public SocketBuffers grantedBuffers() {
        int queueBytesMax = plan.queueBytesMax();
        return new SocketBuffers(queueBytesMax, queueBytesMax, queueBytesMax);
    }

    @Override
    public int framesInBurstMax() {
        return UdpChannel.BURST_FRAMES_MAX;
    }

    @Override
    public void write(ByteBuf burst, int frameBytes, InetSocketAddress to) {
        int frames = (burst.readableBytes() + frameBytes - 1) / frameBytes;
        int bytes = burst.readableBytes();
        if (to.equals(plan.bind())) {
            toSelf(burst);
        } else {
            long nowNanos = System.nanoTime();
            TcpConnection way = connections
                    .to(to, plan.bind(), nowNanos)
                    .or(() -> dial(to, nowNanos))
                    .or(() -> connections.anyTo(to, plan.bind(), nowNanos))
                    .orElse(null);
            if (way == null || !way.write(burst, nowNanos)) {
                burst.release();
                counters.add(LinkCounter.FRAMES_NOT_QUEUED, frames);
                if (way != null) {
                    log.warn("frames are dropped because a peer does not read", Endpoint.text(to));
                }
                return;
            }
            unflushed.add(way);
        }
        counters.add(LinkCounter.FRAMES_SENT, frames);
        counters.add(LinkCounter.FRAME_BYTES_SENT, bytes);
        counters.increment(LinkCounter.WRITES);
    }

    /** Read like what others send, when this node is done with what it does. */
    private void toSelf(ByteBuf burst) {
        loop.eventLoop().execute(() -> {
            try {
                Receiver to = receiver;
                if (to != null && !closing) {
                    to.received(burst.nioBuffer(), plan.bind());
                }
            } finally {
                burst.release();
            }
        });
    }

    private Optional<TcpConnection> dial(InetSocketAddress to, long nowNanos) {
        if (closing || !connections.mayDial(to, nowNanos)) {
            return Optional.empty();
        }
        Channel made = new Bootstrap()
                .group(loop.eventLoop())
                .channelFactory(loop::newStreamChannel)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        configure(channel);
                        took(new TcpConnection(TcpChannel.this, channel, to));
                    }
                })
                .connect(to, new InetSocketAddress(plan.bind().getAddress(), 0))
                .channel();
        counters.increment(LinkCounter.CONNECTIONS_DIALLED);
        return connections.all().stream().filter(one -> one.channel() == made).findFirst();
    }

    @Override
    public void flush() {
        // A write that fails ends its connection within this call: none is taken out before all were asked.
        unflushed.forEach(TcpConnection::flush);
        unflushed.clear();
    }

    /** Says that this node is there, ends what is silent or of no use. */
    private void beat() {
        long nowNanos = System.nanoTime();
        boolean hasSlept = nowNanos - beatNanos > TcpConnection.BEAT_NANOS;
        beatNanos = nowNanos;
        for (TcpConnection connection : connections.all()) {
            if (hasSlept) {
                connection.excuse(nowNanos);
            }
            if (connection.beat(nowNanos)) {
                counters.increment(LinkCounter.CONNECTIONS_SILENT);
                InetSocketAddress peer = connection.peer();
                if (peer != null && connection.isTrusted()) {
                    log.warn("a connection is silent and is made again", Endpoint.text(peer));
                }
                connection.abort();
            }
        }
        connections.spare(plan.bind(), nowNanos).forEach(TcpConnection::end);
    }

    @Override
    public void greeted(TcpConnection connection) {
        connections.greeted(connection);
    }

    @Override
    public void received(TcpConnection connection, InetSocketAddress from, ByteBuf burst) {
        Receiver to = receiver;
        if (to != null && !closing) {
            reading = connection;
            try {
                to.received(burst.nioBuffer(), from);
            } finally {
                reading = null;
            }
        }
    }

    @Override
    public void heard(SocketAddress source) {
        TcpConnection by = reading;
        if (by != null && source.equals(by.peer())) {
            by.trust();
        }
    }

    @Override
    public void refused(TcpConnection connection) {
        counters.increment(LinkCounter.CONNECTIONS_REFUSED);
        connection.abort();
    }

    @Override
    public void writeFailed(InetSocketAddress to, Throwable cause) {
        counters.increment(LinkCounter.WRITE_ERRORS);
    }

    @Override
    public void moveTo(NetworkInterface nic) {
        moveTo(Endpoint.rescoped(plan.bind(), nic).getAddress());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the close future tells
    public void moveTo(InetAddress address) {
        plan = plan.at(new InetSocketAddress(address, plan.bind().getPort()));
        connections.all().forEach(TcpConnection::abort);
        Channel open = server;
        if (open != null) {
            open.close();
        }
    }

    /** All that there are at this moment. */
    Collection<TcpConnection> connections() {
        return connections.all();
    }

    @Override
    public Optional<Channel> socket() {
        return Optional.ofNullable(server).filter(Channel::isOpen);
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closing = true;
            Channel open = server;
            return open == null
                    ? Mono.empty()
                    : FutureMono.from(open.close()).then(endAll()).then(loop.afterClosing());
        });
    }

    /** Completes when all connections have ended. */
    private Mono<Void> endAll() {
        return Mono.<Set<Channel>>create(sink -> loop.eventLoop().execute(() -> {
                    Future<?> ticking = beating;
                    if (ticking != null) {
                        ticking.cancel(false);
                    }
                    Set<Channel> ending = new LinkedHashSet<>();
                    for (TcpConnection connection : connections.all()) {
                        connection.end();
                        ending.add(connection.channel());
                    }
                    sink.success(ending);
                }))
                .flatMapMany(Flux::fromIterable)
                .flatMap(channel -> FutureMono.from(channel.closeFuture()), Integer.MAX_VALUE)
                .then();
    }
}

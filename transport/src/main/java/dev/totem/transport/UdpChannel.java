/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.spi.DatagramLink.Receiver;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;

/**
 * One unconnected UDP socket that outlives its errors: what cannot be sent or received is counted, and a socket that the
 * system closes is opened again. Node loop only, except {@link #open} and {@link #close}.
 */
final class UdpChannel implements FrameChannel {

    /** What one system call carries with segmentation: the payload of the largest IPv4 datagram. */
    static final int BURST_BYTES_MAX = 65_507;

    /** As many segments as any kernel with segmentation takes. */
    static final int BURST_FRAMES_MAX = 64;

    private static final int REOPEN_MILLIS = 200;

    /** EMSGSIZE, negative as Netty has it. */
    private static final int TOO_LONG = -90;

    private final UdpLoop loop;
    private final LinkCounters counters;
    private final LinkLog log;
    private final Segmentation segmentation;
    private SocketPlan plan;
    private @Nullable Receiver receiver;
    private @Nullable Membership membership;
    private volatile @Nullable Channel channel;
    private volatile boolean closing;

    UdpChannel(UdpLoop loop, SocketPlan plan, LinkCounters counters, LinkLog log) {
        this.loop = loop;
        this.plan = plan;
        this.counters = counters;
        this.log = log;
        this.segmentation = new Segmentation(loop.hasSegmentation());
    }

    @Override
    public Mono<Void> open() {
        return Linkage.defer(() -> {
            Bootstrap bootstrap = new Bootstrap()
                    .group(loop.eventLoop())
                    .channelFactory(() -> loop.newChannel(plan.family()))
                    .option(ChannelOption.AUTO_READ, receiver != null)
                    .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                    .option(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            loop.isEpoll() ? ReadBuffers.batched(plan.readsMax()) : ReadBuffers.slabs(plan.readsMax()))
                    .handler(new Inbound());
            plan.apply(bootstrap);
            if (loop.isEpoll()) {
                bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, ReadBuffers.DATAGRAM_BYTES_MAX);
                PathMtu.ignore(bootstrap, plan.family());
                InetSocketAddress source = plan.echoOf();
                if (source != null) {
                    OwnEcho.cut(bootstrap, source);
                }
            }
            if (loop.hasSegmentation()) {
                bootstrap.option(EpollChannelOption.UDP_GRO, true);
            }
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
        channel = bound;
        // Opened again, it is bound to the port that it had: the others know it by that.
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

    /**
     * Binds anew where the same address is now, as a socket that is bound to one of an interface ends with it; what was
     * joined is joined there.
     */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the close future tells
    public void moveTo(NetworkInterface nic) {
        plan = plan.on(nic);
        Membership joined = membership;
        if (joined != null) {
            membership = new Membership(Endpoint.scoped(Endpoint.unscoped(joined.group()), nic), nic);
        }
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the close future tells
    public void moveTo(InetAddress address) {
        plan = plan.at(new InetSocketAddress(address, plan.bind().getPort()));
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    private void reopen() {
        if (closing) {
            return;
        }
        open().subscribe(nothing -> {}, refused -> reopenUnlessClosing(), () -> {
            counters.increment(LinkCounter.SOCKETS_REOPENED);
            Membership joined = membership;
            if (joined != null) {
                join(joined.group(), joined.nic()).subscribe(nothing -> {}, this::joinFailed);
            }
        });
    }

    @Override
    public void start(Receiver to) {
        receiver = to;
        Channel open = channel;
        if (open != null) {
            open.config().setAutoRead(true);
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return plan.bind();
    }

    @Override
    public SocketBuffers grantedBuffers() {
        Channel open = channel;
        return open == null
                ? new SocketBuffers(plan.bufferBytes(), 0, 0)
                : SocketBuffers.granted(open, plan.bufferBytes());
    }

    @Override
    public int framesInBurstMax() {
        return segmentation.isOn(System::nanoTime) ? BURST_FRAMES_MAX : 1;
    }

    @Override
    public void write(ByteBuf burst, int frameBytes, InetSocketAddress to) {
        int frames = (burst.readableBytes() + frameBytes - 1) / frameBytes;
        Channel open = channel;
        if (open == null || !open.isActive() || !open.isWritable()) {
            burst.release();
            counters.add(LinkCounter.FRAMES_NOT_QUEUED, frames);
            log.warn("frames are dropped because the system takes no more", Endpoint.text(to));
            return;
        }
        counters.add(LinkCounter.FRAMES_SENT, frames);
        counters.add(LinkCounter.FRAME_BYTES_SENT, burst.readableBytes());
        if (frames == 1) {
            writeOne(open, burst, to);
        } else if (segmentation.isOn(System::nanoTime)) {
            writeSegmented(open, burst, frameBytes, to);
        } else {
            writeEach(open, burst, frameBytes, to);
        }
    }

    private void writeOne(Channel open, ByteBuf frame, InetSocketAddress to) {
        counters.increment(LinkCounter.WRITES);
        open.write(new DatagramPacket(frame, to)).addListener(done -> {
            if (!done.isSuccess()) {
                writeFailed(done.cause(), to);
            }
        });
    }

    private void writeEach(Channel open, ByteBuf burst, int frameBytes, InetSocketAddress to) {
        while (burst.isReadable()) {
            writeOne(open, burst.readRetainedSlice(Math.min(frameBytes, burst.readableBytes())), to);
        }
        burst.release();
    }

    private void writeSegmented(Channel open, ByteBuf burst, int frameBytes, InetSocketAddress to) {
        counters.increment(LinkCounter.WRITES);
        ByteBuf again = burst.retainedDuplicate();
        open.write(new SegmentedDatagramPacket(burst, frameBytes, to)).addListener(done -> {
            if (done.isSuccess()) {
                segmentation.taken();
            } else if (Segmentation.isRefusedBy(done.cause()) && open.isActive()) {
                segmentation.refused(System.nanoTime());
                counters.increment(LinkCounter.SEGMENTATION_REFUSED);
                log.warn(
                        "the system refuses segmentation, which is tried again later",
                        String.valueOf(done.cause().getMessage()));
                writeEach(open, again, frameBytes, to);
                open.flush();
                return;
            }
            again.release();
            if (!done.isSuccess()) {
                writeFailed(done.cause(), to);
            }
        });
    }

    private void writeFailed(Throwable cause, InetSocketAddress to) {
        if (!closing) {
            counters.increment(LinkCounter.WRITE_ERRORS);
            boolean isTooLong = cause instanceof NativeIoException refused && refused.expectedErr() == TOO_LONG;
            log.warn(
                    "datagrams cannot be sent",
                    Endpoint.text(to) + ": " + cause.getMessage()
                            + (isTooLong
                                    ? "; the interface carries less than at the start, and frames become shorter"
                                    : ""));
        }
    }

    @Override
    public void flush() {
        Channel open = channel;
        if (open != null) {
            open.flush();
        }
    }

    /** Joins a group; completes when the system knows, fails with what it says. */
    Mono<Void> join(InetAddress group, NetworkInterface nic) {
        return Mono.defer(() -> {
            membership = new Membership(group, nic);
            Channel open = channel;
            return open == null ? Mono.empty() : FutureMono.from(((DatagramChannel) open).joinGroup(group, nic, null));
        });
    }

    /** Joins again on what may be another interface by now. */
    void rejoin(NetworkInterface nic) {
        Membership joined = membership;
        Channel open = channel;
        if (joined == null || open == null) {
            return;
        }
        counters.increment(LinkCounter.GROUP_REJOINED);
        leave((DatagramChannel) open, joined);
        InetAddress group = Endpoint.scoped(Endpoint.unscoped(joined.group()), nic);
        join(group, nic).subscribe(nothing -> {}, this::joinFailed);
    }

    /** In case the system still knows the membership; usually it has forgotten it together with the interface. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void leave(DatagramChannel open, Membership joined) {
        try {
            open.leaveGroup(joined.group(), joined.nic(), null);
        } catch (ChannelException forgotten) {
            // Then there is nothing to leave.
        }
    }

    private void joinFailed(Throwable cause) {
        log.warn("the group cannot be joined again yet", String.valueOf(cause.getMessage()));
    }

    /** Before it is opened: what comes from there is the node's own, and need not be copied. */
    void echoOf(InetSocketAddress source) {
        plan = plan.echoOf(source);
    }

    /** Lets multicasts leave by what may be another interface by now. */
    void multicastFrom(NetworkInterface nic) {
        plan = plan.multicastFrom(nic);
        Channel open = channel;
        if (open != null) {
            try {
                open.config().setOption(ChannelOption.IP_MULTICAST_IF, nic);
            } catch (RuntimeException notYet) {
                log.warn("the interface for multicasts cannot be set yet", String.valueOf(notYet.getMessage()));
            }
        }
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closing = true;
            Channel open = channel;
            return open == null ? Mono.empty() : FutureMono.from(open.close()).then(loop.afterClosing());
        });
    }

    /** Whether it takes anything now. */
    boolean isOpen() {
        Channel open = channel;
        return open != null && open.isActive();
    }

    @Override
    public Optional<Channel> socket() {
        return Optional.ofNullable(channel).filter(Channel::isOpen);
    }

    private record Membership(InetAddress group, NetworkInterface nic) {}

    private final class Inbound extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            try {
                Receiver to = receiver;
                if (to != null && !closing) {
                    to.received(packet.content().nioBuffer(), packet.sender());
                }
            } finally {
                packet.release();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!closing) {
                counters.increment(LinkCounter.READ_ERRORS);
                log.warn("datagrams cannot be received", String.valueOf(cause.getMessage()));
            }
        }
    }
}

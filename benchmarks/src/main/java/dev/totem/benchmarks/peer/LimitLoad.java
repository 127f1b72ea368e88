/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.benchmarks.load.LoadMeter;
import dev.totem.benchmarks.load.LoadPayloads;
import dev.totem.benchmarks.load.LoadPlan;
import dev.totem.benchmarks.load.LoadReport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What the sockets carry when nothing is done with it: the members multicast bursts of datagrams in turn, with the sockets,
 * the segmentation and the coalescing of {@code MulticastLink}, and no protocol. It reports as many messages as fit in
 * the bytes.
 *
 * <p>A member sends when it has read the end of its predecessor's burst. So nobody is more than a rotation behind, and
 * nothing is lost while a rotation fits in the receive buffers. Main thread, and the event loop while it runs.
 */
@Command(name = "limit-load")
@SuppressWarnings("FutureReturnValueIgnored") // what goes wrong shows in the report, or in that there is none
public final class LimitLoad implements Callable<Integer> {

    private static final int BUFFER_BYTES = 4 << 20;
    private static final int READ_BYTES = 4 * 65_536;
    private static final int READS_MAX = 512;
    private static final int WRITE_BYTES_MAX = 65_507;
    private static final int SEGMENTS_MAX = 64;
    private static final int MARK_BYTES = 2;
    private static final Duration FORMS_MAX = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofSeconds(2);

    /** Nothing is timed. */
    private static final int NOBODY = 0;

    /** In the first byte of a datagram: the sender. In the second: */
    private static final int MORE = 0;

    private static final int END_OF_BURST = 1;
    private static final int HELLO = 2;

    @Mixin
    PeerOptions options = new PeerOptions();

    @Option(names = "--datagram", defaultValue = "1472")
    int datagramBytes;

    @Option(names = "--burst", defaultValue = "256")
    int burstDatagrams;

    private final CompletableFuture<Void> complete = new CompletableFuture<>();
    private final BitSet heard = new BitSet();

    // event loop only
    private @Nullable EpollDatagramChannel own;
    private InetSocketAddress group = new InetSocketAddress(0);
    private boolean stopped;
    private long bytes;
    private long messages;
    private @Nullable LoadMeter meter;

    public static void main(String[] args) {
        System.exit(new CommandLine(new LimitLoad()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        LoadPlan plan = options.plan();
        LoadMeter measured = new LoadMeter(plan, new LoadPayloads(plan));
        meter = measured;
        group = new InetSocketAddress(options.groupHost, options.groupPort);
        InetAddress host = InetAddress.getByName(options.host);
        NetworkInterface nic = Objects.requireNonNull(NetworkInterface.getByInetAddress(host));
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        DatagramChannel shared =
                (DatagramChannel) bootstrap(loop).bind(group).sync().channel();
        shared.joinGroup(group, nic).sync();
        own = (EpollDatagramChannel) bootstrap(loop)
                .option(ChannelOption.IP_MULTICAST_IF, nic)
                .option(ChannelOption.IP_MULTICAST_TTL, 1)
                .bind(new InetSocketAddress(host, 0))
                .sync()
                .channel();
        Future<?> hellos = loop.next().scheduleAtFixedRate(this::hello, 0, 100, TimeUnit.MILLISECONDS);
        complete.get(FORMS_MAX.toSeconds(), TimeUnit.SECONDS);
        loop.next().schedule(() -> hellos.cancel(false), 1, TimeUnit.SECONDS).get();
        if (options.id == 1) {
            loop.next().execute(this::burst);
        }
        loop.next().schedule(measured::beginWindow, millis(plan.warmup()), TimeUnit.MILLISECONDS);
        Duration end = plan.warmup().plus(plan.window());
        loop.next().schedule(measured::endWindow, millis(end), TimeUnit.MILLISECONDS);
        loop.next().schedule(() -> stopped = true, millis(end), TimeUnit.MILLISECONDS);
        LoadReport report = loop.next()
                .schedule(() -> measured.report(options.id), millis(end.plus(DRAIN)), TimeUnit.MILLISECONDS)
                .get();
        System.out.println(new ObjectMapper().writeValueAsString(report));
        System.out.flush();
        return 0;
    }

    private Bootstrap bootstrap(EventLoopGroup loop) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_RCVBUF, BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, BUFFER_BYTES)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(READS_MAX))
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, 65_536)
                .option(EpollChannelOption.UDP_GRO, true)
                .handler(new Reader());
    }

    private static long millis(Duration time) {
        return time.toMillis();
    }

    private void hello() {
        channel().writeAndFlush(new DatagramPacket(marked(channel().alloc().directBuffer(MARK_BYTES), HELLO), group));
    }

    /** As many datagrams as a burst has, the last of which passes the turn. */
    private void burst() {
        int atOnce = Math.max(1, Math.min(SEGMENTS_MAX, WRITE_BYTES_MAX / datagramBytes));
        for (int left = burstDatagrams; left > 0; left -= atOnce) {
            int count = Math.min(left, atOnce);
            ByteBuf data = channel().alloc().directBuffer(count * datagramBytes);
            data.writeZero(count * datagramBytes);
            for (int datagram = 0; datagram < count; datagram++) {
                boolean last = left - datagram == 1;
                data.setByte(datagram * datagramBytes, options.id);
                data.setByte(datagram * datagramBytes + 1, last ? END_OF_BURST : MORE);
            }
            channel()
                    .write(
                            count == 1
                                    ? new DatagramPacket(data, group)
                                    : new SegmentedDatagramPacket(data, datagramBytes, group));
        }
        channel().flush();
    }

    private EpollDatagramChannel channel() {
        return Objects.requireNonNull(own);
    }

    private ByteBuf marked(ByteBuf datagram, int kind) {
        return datagram.writeByte(options.id).writeByte(kind);
    }

    private void received(ByteBuf read) {
        int from = read.getByte(read.readerIndex());
        if (read.getByte(read.readerIndex() + 1) == HELLO) {
            heard.set(from);
            if (heard.cardinality() == options.members) {
                complete.complete(null);
            }
            return;
        }
        count(from, read.readableBytes());
        int last = read.writerIndex() - datagramBytes;
        boolean turn = read.getByte(last + 1) == END_OF_BURST;
        if (turn && from % options.members + 1 == options.id && !stopped) {
            burst();
        }
    }

    private void count(int from, int more) {
        bytes += more;
        for (LoadMeter measured = Objects.requireNonNull(meter); messages < bytes / options.sizeBytes; messages++) {
            measured.delivered(NOBODY, from, messages, options.sizeBytes);
        }
    }

    private final class Reader extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            try {
                received(packet.content());
            } finally {
                packet.release();
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a peer: bursts with their length before them, a greeting first, and beats, which are empty bursts, when
 * nothing else is said. It ends when it is silent. Node loop only.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter {

    /** Longer than the token of a ring may be: who is silent for so long has been given up by then. */
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int END_MILLIS = 200;

    private static final int LENGTH_BYTES = Short.BYTES;

    /** What connections are of, and whom they tell. */
    interface Owner {

        /** What this node tells others of itself. */
        int portToldOthers();

        /** The other side has said who it is; once. */
        void greeted(TcpConnection connection);

        /** A burst; valid during the call only. */
        void received(TcpConnection connection, InetSocketAddress from, ByteBuf burst);

        /** What came is no greeting, or no burst. */
        void refused(TcpConnection connection);

        void writeFailed(InetSocketAddress to, Throwable cause);
    }

    private final Owner owner;
    private final Channel channel;
    private final boolean isDialled;
    private final long sinceNanos;
    private @Nullable InetSocketAddress peer;
    private boolean isGreeted;
    private boolean isTrusted;
    private boolean isEnding;
    private long heardNanos;
    private long saidNanos;

    /** @param dialled whom this node has connected to; null for a connection that it was asked for */
    TcpConnection(Owner owner, Channel channel, @Nullable InetSocketAddress dialled) {
        this.owner = owner;
        this.channel = channel;
        this.isDialled = dialled != null;
        this.peer = dialled;
        this.sinceNanos = System.nanoTime();
        this.heardNanos = sinceNanos;
        this.saidNanos = sinceNanos;
        channel.pipeline()
                .addLast(new LengthFieldBasedFrameDecoder(
                        LENGTH_BYTES + (1 << Short.SIZE), 0, LENGTH_BYTES, 0, LENGTH_BYTES))
                .addLast(this);
    }

    /** Where the other side is reached; null before it has said so. */
    @Nullable
    InetSocketAddress peer() {
        return peer;
    }

    boolean isDialled() {
        return isDialled;
    }

    boolean isGreeted() {
        return isGreeted;
    }

    /** Whether it can be written to, now or as soon as it is made. */
    boolean isUsable() {
        return channel.isOpen() && !isEnding && (isDialled || isGreeted);
    }

    /** Whether an authentic frame has come by it. */
    boolean isTrusted() {
        return isTrusted;
    }

    void trust() {
        isTrusted = true;
    }

    long ageNanos(long nowNanos) {
        return nowNanos - sinceNanos;
    }

    long saidNanos() {
        return saidNanos;
    }

    Channel channel() {
        return channel;
    }

    /** Queues a burst; whether there is room for it. Takes it over if there is. */
    boolean write(ByteBuf burst, long nowNanos) {
        if (!channel.isWritable()) {
            return false;
        }
        saidNanos = nowNanos;
        writeLength(burst.readableBytes());
        channel.write(burst).addListener(done -> {
            InetSocketAddress to = peer;
            if (!done.isSuccess() && to != null) {
                owner.writeFailed(to, done.cause());
            }
        });
        return true;
    }

    void flush() {
        // What is queued before the connection is made leaves when it is.
        if (channel.isActive()) {
            channel.flush();
        }
    }

    /** Says that this node is there if nothing else has of late; whether the other side is silent. */
    boolean beat(long nowNanos) {
        if (channel.isActive() && nowNanos - saidNanos >= BEAT_NANOS && channel.isWritable()) {
            saidNanos = nowNanos;
            writeLength(0);
            channel.flush();
        }
        return nowNanos - heardNanos >= SILENCE_NANOS;
    }

    /** After a pause of this process nobody was listened to. */
    void excuse(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** Ends it when what is queued has left, and the other side has ended it too, or soon. */
    @SuppressWarnings("FutureReturnValueIgnored") // the close future tells
    void end() {
        if (isEnding) {
            return;
        }
        isEnding = true;
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        // Closed with bytes unread it would be reset, and what was said last with it.
        channel.writeAndFlush(channel.alloc().buffer(0))
                .addListener(said -> ((DuplexChannel) channel).shutdownOutput());
        channel.eventLoop().schedule(() -> channel.close(), END_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Ends it at once. */
    @SuppressWarnings("FutureReturnValueIgnored") // the close future tells
    void abort() {
        isEnding = true;
        channel.close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what follows it tells
    private void writeLength(int length) {
        channel.write(channel.alloc().directBuffer(LENGTH_BYTES).writeShort(length), channel.voidPromise());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the close future tells
    public void handlerAdded(ChannelHandlerContext context) {
        ByteBuf greeting = channel.alloc().directBuffer(LENGTH_BYTES + Greeting.BYTES);
        Greeting.write(greeting.writeShort(Greeting.BYTES), owner.portToldOthers());
        context.write(greeting, channel.voidPromise());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.flush();
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf burst = (ByteBuf) message;
        try {
            if (isEnding) {
                return;
            }
            heardNanos = System.nanoTime();
            InetSocketAddress from = peer;
            if (!isGreeted || from == null) {
                greeted(burst);
            } else if (burst.readableBytes() > UdpChannel.BURST_BYTES_MAX) {
                owner.refused(this);
            } else if (burst.isReadable()) {
                owner.received(this, from, burst);
            }
        } finally {
            ReferenceCountUtil.release(burst);
        }
    }

    private void greeted(ByteBuf burst) {
        OptionalInt port = Greeting.read(burst);
        if (port.isEmpty()) {
            owner.refused(this);
            return;
        }
        if (!isDialled) {
            InetAddress host = ((InetSocketAddress) channel.remoteAddress()).getAddress();
            peer = new InetSocketAddress(host, port.getAsInt());
        }
        isGreeted = true;
        owner.greeted(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // Reset, unreachable, or bytes that are nothing: it is made again when there is something to say.
        abort();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.link;

import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.FrameWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection with frames on it. Writes on any thread; its listener is called on the channel's loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, and that is told
public final class Wire {

    /** A side that has said nothing since it looked last says that it is alive. */
    private static final int LOOK_MILLIS = 2_000;

    /** Who is not heard for so long is gone. */
    private static final int DEAF_MILLIS = 15_000;

    /** What is written last has so long to leave. */
    private static final int LAST_MILLIS = 5_000;

    private final Channel channel;
    private final FrameDecoder decoder;
    private volatile boolean hasWritten;

    /** Who is told what arrives. */
    public interface Listener {

        /**
         * A frame came.
         *
         * @param bytes with its length
         */
        void arrived(Wire wire, Frame frame, int bytes);

        /** All that was there has been read. */
        void readComplete(Wire wire);

        /** The other side would like to hear something. */
        void silent(Wire wire);

        /** Once, at its end. */
        void closed(Wire wire, String why);
    }

    record Arrived(Frame frame, int bytes) {}

    private Wire(Channel channel, FrameDecoder decoder) {
        this.channel = channel;
        this.decoder = decoder;
    }

    /**
     * Puts frames on a channel that is not active yet.
     *
     * @param bytesMax the longest frame for now
     */
    public static Wire on(Channel channel, int bytesMax, Listener listener) {
        Wire wire = new Wire(channel, new FrameDecoder(bytesMax));
        channel.pipeline()
                // It looks at reads only: looking at writes it would give each of them a promise.
                .addLast(new IdleStateHandler(DEAF_MILLIS, 0, 0, TimeUnit.MILLISECONDS))
                .addLast(wire.decoder)
                .addLast(wire.new Inbound(listener));
        return wire;
    }

    /** On the channel's loop. */
    public void allow(int bytesMax) {
        decoder.allow(bytesMax);
    }

    public Channel channel() {
        return channel;
    }

    public EventLoop loop() {
        return channel.eventLoop();
    }

    /** Takes the buffer over; it leaves with the next {@link #flush()}. */
    public void write(ByteBuf frame) {
        hasWritten = true;
        channel.write(frame, channel.voidPromise());
    }

    public void write(Frame frame) {
        write(FrameWriter.write(frame, channel.alloc()));
    }

    public void flush() {
        channel.flush();
    }

    public void close() {
        channel.close();
    }

    /** Closes it when what was written has left, or soon. */
    public void closeWhenWritten() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop().schedule(() -> close(), LAST_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Says something last. */
    public void close(Frame last) {
        channel.writeAndFlush(FrameWriter.write(last, channel.alloc())).addListener(ChannelFutureListener.CLOSE);
    }

    private final class Inbound extends ChannelInboundHandlerAdapter {

        private final Listener listener;
        private @Nullable String why;
        private @Nullable Future<?> look;

        Inbound(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            if (context.channel().isActive()) {
                begin(context);
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            begin(context);
            context.fireChannelActive();
        }

        private void begin(ChannelHandlerContext context) {
            if (look == null) {
                look = context.executor()
                        .scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        private void look() {
            boolean wasSilent = !hasWritten;
            hasWritten = false;
            if (wasSilent) {
                listener.silent(Wire.this);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Arrived arrived) {
                listener.arrived(Wire.this, arrived.frame(), arrived.bytes());
            } else {
                context.fireChannelRead(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            listener.readComplete(Wire.this);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent idle) {
                if (idle.state() == IdleState.READER_IDLE) {
                    because("nothing was heard for " + DEAF_MILLIS / 1_000 + " s");
                    context.close();
                }
            } else {
                context.fireUserEventTriggered(event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
            because(String.valueOf(reason.getMessage()));
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (look != null) {
                look.cancel(false);
            }
            listener.closed(Wire.this, why == null ? "the other side has closed it" : why);
        }

        private void because(String reason) {
            why = why == null ? reason : why;
        }
    }
}

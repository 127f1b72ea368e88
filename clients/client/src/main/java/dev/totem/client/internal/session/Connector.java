/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.client.ExecutiveAddress;
import dev.totem.client.internal.link.Sockets;
import dev.totem.client.internal.link.Wire;
import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.SessionId;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Connects to executives and says hello. The session's loop only.
 *
 * @param addresses where they are, the first to be tried first
 * @param name of the client, for people
 * @param token what it proves its identity with, or nothing
 * @param security puts TLS on a channel to such an address
 */
@SuppressWarnings("FutureReturnValueIgnored") // listeners are told
public record Connector(
        List<ExecutiveAddress> addresses,
        String name,
        byte[] token,
        Sockets sockets,
        BiConsumer<Channel, ExecutiveAddress.Tls> security) {

    private static final int CONNECT_MILLIS = 2_000;

    /** A frame of the executive is an event, or smaller; what its node takes is known once it has welcomed. */
    static final int WELCOME_BYTES_MAX = 16_384;

    /** What a frame has beside its payload: the names of groups, and what a configuration and a group of many have. */
    public static final int BYTES_BESIDE_PAYLOAD = 4 << 20;

    EventLoop loop() {
        return sockets.group().next();
    }

    /** What comes of an attempt; the session's loop. */
    interface Outcome {

        /** The executive has welcomed the client; the wire says what follows to {@code listener()}. */
        void welcomed(Wire wire, Frame.Welcome welcome);

        /**
         * It has failed.
         *
         * @param isFinal whether another attempt there would end alike
         */
        void failed(ExecutiveAddress address, String why, boolean isFinal);

        Wire.Listener listener();
    }

    void connect(EventLoop loop, int index, SessionId session, long received, Outcome outcome) {
        ExecutiveAddress address = addresses.get(index % addresses.size());
        Attempt attempt = new Attempt(address, outcome);
        boolean isUnix = address instanceof ExecutiveAddress.Unix;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(isUnix ? sockets::unix : sockets::tcp)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (address instanceof ExecutiveAddress.Tls tls) {
                            channel.config().setOption(ChannelOption.TCP_NODELAY, true);
                            security.accept(channel, tls);
                        }
                        attempt.wire = Wire.on(channel, WELCOME_BYTES_MAX, attempt);
                    }
                });
        bootstrap.connect(target(address)).addListener((io.netty.channel.ChannelFuture connected) -> {
            if (connected.isSuccess()) {
                Wire wire = attempt.wire;
                if (wire != null) {
                    wire.write(new Frame.Hello(session, received, name, isUnix ? new byte[0] : token));
                    wire.flush();
                }
            } else {
                attempt.fails(String.valueOf(connected.cause().getMessage()), false);
            }
        });
    }

    private SocketAddress target(ExecutiveAddress address) {
        if (address instanceof ExecutiveAddress.Unix unix) {
            return sockets.address(unix.path());
        }
        ExecutiveAddress.Tls tls = (ExecutiveAddress.Tls) address;
        return InetSocketAddress.createUnresolved(tls.host(), tls.port());
    }

    /** Listens until the executive has answered, and hands what follows on. */
    private static final class Attempt implements Wire.Listener {

        private final ExecutiveAddress address;
        private final Outcome outcome;
        private Wire.@org.jspecify.annotations.Nullable Listener next;
        private boolean isOver;
        private @org.jspecify.annotations.Nullable Wire wire;

        Attempt(ExecutiveAddress address, Outcome outcome) {
            this.address = address;
            this.outcome = outcome;
        }

        void fails(String why, boolean isFinal) {
            if (!isOver) {
                isOver = true;
                outcome.failed(address, why, isFinal);
            }
        }

        @Override
        public void arrived(Wire from, Frame frame, int bytes) {
            if (next != null) {
                next.arrived(from, frame, bytes);
            } else if (frame instanceof Frame.Welcome welcome && !isOver) {
                isOver = true;
                next = outcome.listener();
                from.allow(welcome.limits().messageBytes() + BYTES_BESIDE_PAYLOAD);
                outcome.welcomed(from, welcome);
            } else if (frame instanceof Frame.Refused refused) {
                fails(refused.why(), true);
                from.close();
            } else {
                fails("it does not say welcome first", true);
                from.close();
            }
        }

        @Override
        public void readComplete(Wire from) {
            if (next != null) {
                next.readComplete(from);
            }
        }

        @Override
        public void silent(Wire from) {
            if (next != null) {
                next.silent(from);
            }
        }

        @Override
        public void closed(Wire from, String why) {
            if (next != null) {
                next.closed(from, why);
            } else {
                fails(why, false);
            }
        }
    }
}

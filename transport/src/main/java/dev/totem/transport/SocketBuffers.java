/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.internal.settings.FlowLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/**
 * What the system has granted of the socket buffers that were asked for, bytes. Any thread.
 *
 * @param askedBytes for each of the two
 */
record SocketBuffers(int askedBytes, int receiveBytes, int sendBytes) {

    private static final int LEAST_ASKED_BYTES = 4 << 20;

    private static final int MOST_ASKED_BYTES = 64 << 20;

    /** A smaller buffer lowers the limits by this at most: readers empty it while others still send. */
    private static final int TIMES_LOWERED_MAX = 4;

    /** What to ask for so that a window of frames fits, bytes. */
    static int wantedBytes(int windowSize, int frameBytesMax) {
        long window = (long) windowSize * frameBytesMax;
        return (int) Math.min(MOST_ASKED_BYTES, Math.max(LEAST_ASKED_BYTES, window));
    }

    /** What the system would grant for receiving if it is asked for so much, bytes. Blocks for a moment. */
    static int grantable(int askedBytes) {
        try (DatagramChannel probe = DatagramChannel.open()) {
            return probe.setOption(StandardSocketOptions.SO_RCVBUF, askedBytes)
                    .getOption(StandardSocketOptions.SO_RCVBUF);
        } catch (IOException e) {
            throw new UncheckedIOException("no datagram socket can be opened", e);
        }
    }

    /** The limits as far as a window of such frames fits the receive buffer that the system grants. Blocks for a moment. */
    static FlowLimits fit(FlowLimits wanted, int frameBytesMax) {
        return fit(wanted, frameBytesMax, grantable(wantedBytes(wanted.windowSize(), frameBytesMax)));
    }

    /** The limits as far as a window of such frames fits a receive buffer. */
    static FlowLimits fit(FlowLimits wanted, int frameBytesMax, int receiveBytes) {
        long windowBytes = (long) wanted.windowSize() * frameBytesMax;
        long times = (windowBytes + receiveBytes - 1) / receiveBytes;
        return wanted.dividedBy((int) Math.min(TIMES_LOWERED_MAX, times));
    }

    static SocketBuffers granted(Channel channel, int askedBytes) {
        return new SocketBuffers(
                askedBytes,
                payloadBytes(channel, ChannelOption.SO_RCVBUF),
                payloadBytes(channel, ChannelOption.SO_SNDBUF));
    }

    /** Linux grants twice what it is asked, for its own bookkeeping, and says so to epoll; the JDK halves it by itself. */
    private static int payloadBytes(Channel channel, ChannelOption<Integer> option) {
        Integer reported = channel.config().getOption(option);
        int bytes = reported == null ? 0 : reported;
        return channel instanceof EpollDatagramChannel ? bytes / 2 : bytes;
    }

    /** What to do if the receive buffer cannot hold the window that is wanted. */
    Optional<String> remedy(LinkSizes sizes) {
        long window = (long) sizes.windowWanted() * sizes.frameBytesMax();
        if (receiveBytes >= window) {
            return Optional.empty();
        }
        return Optional.of("the receive buffer holds " + receiveBytes + " bytes, a window of " + sizes.windowWanted()
                + " frames of " + sizes.frameBytesMax() + " bytes needs " + window
                + ": raise it with 'sysctl -w net.core.rmem_max="
                + window + "', or lower window-size or netmtu; until then the window is " + sizes.windowSize()
                + " frames, and bursts may be lost and sent again");
    }
}

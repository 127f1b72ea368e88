/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import java.util.Optional;

/**
 * What the system has granted of the socket buffers that were asked for, bytes. Any thread.
 *
 * @param askedBytes for each of the two
 */
record SocketBuffers(int askedBytes, int receiveBytes, int sendBytes) {

    private static final int LEAST_ASKED_BYTES = 4 << 20;

    private static final int MOST_ASKED_BYTES = 64 << 20;

    /** What to ask for so that a window of frames fits, bytes. */
    static int wantedBytes(int windowSize, int frameBytesMax) {
        long window = (long) windowSize * frameBytesMax;
        return (int) Math.min(MOST_ASKED_BYTES, Math.max(LEAST_ASKED_BYTES, window));
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

    /** What to do if the receive buffer cannot hold a window. */
    Optional<String> remedy(int windowSize, int frameBytesMax) {
        long window = (long) windowSize * frameBytesMax;
        if (receiveBytes >= window) {
            return Optional.empty();
        }
        return Optional.of("the receive buffer holds " + receiveBytes + " bytes, a window of " + windowSize
                + " frames of " + frameBytesMax + " bytes needs " + window
                + ": raise it with 'sysctl -w net.core.rmem_max="
                + window + "', or lower window-size or netmtu; until then bursts may be lost and sent again");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.spi.DatagramLink.Receiver;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Takes frames to addresses, and hands over what comes from there; outlives the errors of its sockets. Node loop only unless
 * a method says otherwise.
 */
interface FrameChannel extends BurstSink {

    /** Binds; fails with what the system says. What comes waits until {@link #start}. Any thread. */
    Mono<Void> open();

    /** Begins to read. */
    void start(Receiver to);

    /** Where it is bound, with the port that the system chose. */
    InetSocketAddress localAddress();

    /** How much may wait in the system, or here, in each direction. */
    SocketBuffers grantedBuffers();

    /** Binds anew where the same address is now, as what is bound to one of an interface ends with it. */
    void moveTo(NetworkInterface nic);

    /** Binds anew at another address of this host, with the same port. */
    void moveTo(InetAddress address);

    /** An authentic frame came from there with the read that is being handed over. */
    default void heard(SocketAddress source) {}

    /** The socket that is bound, as it is now, if it is open. Any thread. */
    Optional<Channel> socket();

    /** Closes; completes when the port is free. Any thread, again and again. */
    Mono<Void> close();
}

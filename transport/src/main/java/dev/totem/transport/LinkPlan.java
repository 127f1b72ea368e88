/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import io.netty.channel.unix.Errors.NativeIoException;
import java.net.BindException;
import reactor.core.publisher.Mono;

/**
 * What both kinds of link are made of. Any thread.
 *
 * @param self the node
 * @param clusterTag tells its cluster's frames
 * @param loop runs it
 * @param carrier what takes frames from one address to another
 * @param local where it is bound
 * @param sizes the traffic to expect
 * @param afterClose runs when the sockets are free, as the last part of closing
 */
record LinkPlan(
        NodeId self,
        int clusterTag,
        UdpLoop loop,
        Carrier carrier,
        LocalAddress local,
        LinkSizes sizes,
        Mono<Void> afterClose) {

    /** EADDRINUSE, negative as Netty has it. */
    private static final int ADDRESS_IN_USE = -98;

    /** Opens the socket that everything leaves from. */
    Mono<Void> openOwn(FrameChannel channel) {
        return channel.open().onErrorMap(cause -> bindFailed(local.endpoint(), cause));
    }

    static ConfigurationException bindFailed(Endpoint endpoint, Throwable cause) {
        boolean taken = cause instanceof NativeIoException refused
                ? refused.expectedErr() == ADDRESS_IN_USE
                : cause instanceof BindException
                        && String.valueOf(cause.getMessage()).contains("in use");
        return taken
                ? endpoint.refused("the port is taken: choose another, or end the process that holds it", cause)
                : endpoint.refused("cannot be bound: " + cause.getMessage(), cause);
    }

    /** The line about what was chosen, and the warning if it is not enough. */
    void report(String route, SocketBuffers granted, LinkLog log) {
        log.info(route + ", bound to " + Endpoint.text(local.address()) + " on "
                + local.nic().getName() + ", "
                + loop.transportName(carrier) + ", " + sizes.windowSize() + " frames a rotation of at most "
                + sizes.frameBytesMax() + " bytes, socket buffers of "
                + granted.receiveBytes() + " (receive) and " + granted.sendBytes() + " (send) bytes");
        granted.remedy(sizes).ifPresent(remedy -> log.warn("socket buffers are too small", remedy));
    }
}

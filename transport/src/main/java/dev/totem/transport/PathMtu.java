/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;

/**
 * Has Linux take no word about what the path carries: anybody can forge the ICMP message that says so, and it would fragment
 * packets, or refuse segmentation, for ten minutes. Frames fit the interface, or {@code netmtu}, and leave with the
 * don't-fragment bit; which of them arrive, those tell who get them.
 *
 * <p>{@code ip(7)}, {@code ipv6(7)}: IP_MTU_DISCOVER, IP_PMTUDISC_PROBE.
 */
final class PathMtu {

    static final int PROBE = 3;

    /** IPPROTO_IP, IP_MTU_DISCOVER. */
    static final IntegerUnixChannelOption IPV4 = new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);

    /** IPPROTO_IPV6, IPV6_MTU_DISCOVER. */
    static final IntegerUnixChannelOption IPV6 = new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", 41, 23);

    private PathMtu() {}

    /** Sets the option on epoll channels to come. */
    static void ignore(Bootstrap epoll, SocketProtocolFamily family) {
        epoll.option(family == SocketProtocolFamily.INET6 ? IPV6 : IPV4, PROBE);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What carries frames from one address to another. Any thread. */
enum Carrier {
    UDP,
    TCP;

    /**
     * A channel that is not open yet.
     *
     * @param advertised where others reach this node, if that is not where it is bound
     */
    FrameChannel channel(LinkPlan plan, LinkCounters counters, LinkLog log, @Nullable InetSocketAddress advertised) {
        SocketPlan socket = SocketPlan.own(plan.local().address(), plan.sizes());
        return switch (this) {
            case UDP -> new UdpChannel(plan.loop(), socket, counters, log);
            case TCP -> new TcpChannel(plan.loop(), TcpPlan.of(plan, advertised), counters, log);
        };
    }
}

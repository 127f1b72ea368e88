/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of a node are made. Any thread.
 *
 * @param bind where others connect to, and from where this node connects; port 0 lets the system choose
 * @param advertisedPort the port that others are told to connect to; 0 for the one that is bound
 * @param queueBytesMax what may wait for one peer that reads too slowly
 */
record TcpPlan(InetSocketAddress bind, int advertisedPort, int queueBytesMax) {

    private static final int LEAST_QUEUE_BYTES = 4 << 20;

    private static final int MOST_QUEUE_BYTES = 64 << 20;

    /** Two windows: the token waits behind the data of its rotation, so more never waits for a peer that reads. */
    static TcpPlan of(LinkPlan plan, @Nullable InetSocketAddress advertised) {
        long windowBytes = (long) plan.sizes().windowSize() * plan.sizes().frameBytesMax();
        int queueBytes = (int) Math.min(MOST_QUEUE_BYTES, Math.max(LEAST_QUEUE_BYTES, 2 * windowBytes));
        return new TcpPlan(plan.local().address(), advertised == null ? 0 : advertised.getPort(), queueBytes);
    }

    TcpPlan at(InetSocketAddress address) {
        return new TcpPlan(address, advertisedPort, queueBytesMax);
    }

    /** What this node says in its greeting. */
    int portToldOthers() {
        return advertisedPort == 0 ? bind.getPort() : advertisedPort;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.NodeId;
import java.net.SocketAddress;

/** Where a simulated link is. Immutable, any thread. */
final class SimAddress extends SocketAddress {

    private static final long serialVersionUID = 1L;

    private final int node;
    private final int index;

    SimAddress(NodeId node, int index) {
        this.node = node.value();
        this.index = index;
    }

    NodeId node() {
        return NodeId.of(node);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SimAddress address && address.node == node && address.index == index;
    }

    @Override
    public int hashCode() {
        return 31 * node + index;
    }

    @Override
    public String toString() {
        return "sim:" + node + "/" + index;
    }
}

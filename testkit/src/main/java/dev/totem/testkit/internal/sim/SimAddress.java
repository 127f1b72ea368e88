/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.NodeId;
import java.net.SocketAddress;

/** Where a simulated link is. Immutable, any thread. */
final class SimAddress extends SocketAddress {

    private static final long serialVersionUID = 1L;

    // No part of what is written: a simulation is not.
    private final transient NodeId node;
    private final int index;

    SimAddress(NodeId node, int index) {
        this.node = node;
        this.index = index;
    }

    NodeId node() {
        return node;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SimAddress address && address.node.equals(node) && address.index == index;
    }

    @Override
    public int hashCode() {
        return 31 * node.value() + index;
    }

    @Override
    public String toString() {
        return "sim:" + node + "/" + index;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where nodes are reached, as a list of one so that {@link FrameBatch} recognises it. Node loop only. */
final class PeerAddresses {

    private final Map<NodeId, List<InetSocketAddress>> addresses = new HashMap<>();

    /** Notes an address, or confirms it; called for every frame. */
    void learn(NodeId node, SocketAddress source) {
        if (!(source instanceof InetSocketAddress address)) {
            return;
        }
        List<InetSocketAddress> known = addresses.get(node);
        if (known == null || !known.get(0).equals(address)) {
            addresses.put(node, List.of(address));
        }
    }

    Optional<List<InetSocketAddress>> of(NodeId node) {
        return Optional.ofNullable(addresses.get(node));
    }
}

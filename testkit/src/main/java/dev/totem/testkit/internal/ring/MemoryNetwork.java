/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.ring;

import dev.totem.core.NodeId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

/** What is between the links of one JVM: nothing, unless it is told to lose datagrams or to fall into parts. Any thread. */
final class MemoryNetwork {

    private final List<MemoryLink> links = new CopyOnWriteArrayList<>();
    private volatile Map<NodeId, Integer> partOf = Map.of();
    private volatile double loss;

    MemoryLink attach(NodeId node, ThreadLoop loop) {
        MemoryLink link = new MemoryLink(this, node, loop);
        links.add(link);
        return link;
    }

    void detach(MemoryLink link) {
        links.remove(link);
    }

    /** Nodes hear those of the same part; those that are in none hear each other. */
    void partition(Map<NodeId, Integer> parts) {
        partOf = Map.copyOf(parts);
    }

    void loss(double rate) {
        loss = rate;
    }

    void toAll(MemoryLink from, byte[] frame) {
        for (MemoryLink to : links) {
            if (to != from) {
                transmit(from, to, frame);
            }
        }
    }

    void toNode(MemoryLink from, NodeId node, byte[] frame) {
        for (MemoryLink to : links) {
            if (to != from && to.node().equals(node)) {
                transmit(from, to, frame);
            }
        }
    }

    private void transmit(MemoryLink from, MemoryLink to, byte[] frame) {
        boolean isLost = loss > 0 && ThreadLocalRandom.current().nextDouble() < loss;
        if (!isLost && part(from).equals(part(to))) {
            to.arrived(frame, from.address());
        }
    }

    private Integer part(MemoryLink link) {
        return partOf.getOrDefault(link.node(), -1);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.ring;

import dev.totem.core.NodeId;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Nodes of one JVM on a network in memory. Any thread, one call at a time. */
public final class MemoryRing {

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final MemoryNetwork network = new MemoryNetwork();
    private final SortedMap<NodeId, RingNode> nodes = new TreeMap<>();

    /** Nodes 1 to {@code size}, none started. */
    public MemoryRing(int size, TotemConfig config) {
        for (int id = 1; id <= size; id++) {
            nodes.put(NodeId.of(id), new RingNode(NodeId.of(id), config, network));
        }
    }

    /** Completes with the node when it runs. */
    public Mono<TotemNode> start(int id) {
        return ring(id).start();
    }

    /** The node, if it is up. */
    public Optional<TotemNode> node(int id) {
        return ring(id).node();
    }

    /** Those that are up, ascending. */
    public List<TotemNode> up() {
        return nodes.values().stream()
                .map(RingNode::node)
                .flatMap(Optional::stream)
                .toList();
    }

    public void crash(int id) {
        ring(id).crash();
    }

    /** Nodes hear those of the same part; those that are in none hear each other. */
    public void partition(Map<NodeId, Integer> partOf) {
        network.partition(partOf);
    }

    public void loss(double rate) {
        network.loss(rate);
    }

    /** Completes when these have installed one configuration of just them. */
    public Mono<Void> awaitRing(Collection<NodeId> members) {
        List<NodeId> exactly = members.stream().sorted().toList();
        return Flux.interval(Duration.ZERO, LOOK_EVERY)
                .onBackpressureDrop()
                .filter(tick -> isRing(exactly))
                .next()
                .then();
    }

    private boolean isRing(List<NodeId> members) {
        List<TotemNode> all = members.stream()
                .map(id -> node(id.value()))
                .flatMap(Optional::stream)
                .toList();
        return all.size() == members.size()
                && all.stream().allMatch(node -> node.membership().members().equals(members))
                && all.stream().map(node -> node.membership().ring()).distinct().count() == 1;
    }

    private RingNode ring(int id) {
        RingNode node = nodes.get(NodeId.of(id));
        if (node == null) {
            throw new IllegalArgumentException("no node " + id + ", only " + nodes.keySet());
        }
        return node;
    }
}

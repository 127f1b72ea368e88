/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A block on each node of a simulation, opened anew when a node starts again. One thread. */
final class OnNodes<B extends Block> {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private final Simulation sim;
    private final BlockBuilder<B> builder;
    private final Map<NodeId, B> blocks = new TreeMap<>();
    private final Map<NodeId, StateStatus> status = new TreeMap<>();
    private final Map<NodeId, Integer> behind = new TreeMap<>();
    private final Map<NodeId, TotemNode> lives = new TreeMap<>();
    private final List<String> alarms = new ArrayList<>();
    private final List<Consumer<B>> openers = new ArrayList<>();

    OnNodes(Simulation sim, BlockBuilder<B> builder) {
        this.sim = sim;
        this.builder = builder.compareEvery(5).repeatable(sim.clock(), sim.random());
        sim.always(() -> assertThat(alarms).as("replicas that differ").isEmpty());
        sim.onStart(this::open);
    }

    void open(TotemNode node) {
        blocks.remove(node.id());
        status.remove(node.id());
        lives.put(node.id(), node);
        builder.open(node).subscribe(block -> {
            blocks.put(node.id(), block);
            openers.forEach(code -> code.accept(block));
            block.status().subscribe(now -> told(node.id(), now), stopped -> {});
        });
    }

    private void told(NodeId node, StateStatus now) {
        StateStatus before = status.put(node, now);
        if (now.phase() == StateStatus.Phase.BEHIND && (before == null || before.phase() != now.phase())) {
            behind.merge(node, 1, Integer::sum);
        }
        now.divergence().ifPresent(found -> alarms.add("node " + node + ": " + found));
    }

    /** Code to run with each block that is opened, on its node. */
    void onOpen(Consumer<B> code) {
        openers.add(code);
    }

    /** On present lives of nodes. */
    Collection<B> all() {
        return blocks.values();
    }

    B on(int id) {
        return blocks.get(NodeId.of(id));
    }

    /** On the present life of a node that is up. */
    boolean isOpen(int id) {
        return sim.isUp(id) && blocks.containsKey(NodeId.of(id)) && lives.get(NodeId.of(id)) == sim.node(id);
    }

    boolean isInState(int id) {
        StateStatus known = status.get(NodeId.of(id));
        return isOpen(id) && known != null && known.phase() == StateStatus.Phase.IN_STATE;
    }

    /** How many times something had to be handed over to a node. */
    int timesBehind(int id) {
        return behind.getOrDefault(NodeId.of(id), 0);
    }

    /** All nodes that are up have the state. */
    void awaitInState(int nodes) {
        sim.runUntil(
                () -> sim.nodes().size() == nodes
                        && sim.nodes().stream()
                                .allMatch(node -> isInState(node.id().value())),
                LIMIT);
    }

    <T> T await(Mono<T> mono) {
        return sim.await(mono, LIMIT).orElseThrow();
    }

    List<Integer> up() {
        return sim.nodes().stream().map(node -> node.id().value()).toList();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import dev.totem.core.NodeId;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.testkit.internal.ring.MemoryRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/**
 * Real nodes in one JVM, on a network in its memory: no sockets, no ports, no keys; real threads and real time. For tests
 * of code on a ring that need no chance; {@link TotemSimulation} is for those that do.
 *
 * <p>Any thread, one call at a time. What starts, crashes and closes blocks until it is done, a few milliseconds mostly.
 * A crash is noticed in about half a second.
 */
public final class TestRing implements AutoCloseable {

    private static final int NODES_MAX = 64;

    /** Long enough for a machine that builds something else meanwhile. */
    private static final Duration TOKEN = Duration.ofMillis(250);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final int size;
    private final MemoryRing ring;
    private Map<NodeId, Integer> partOf = Map.of();

    private TestRing(int size, TotemConfig config) {
        this.size = size;
        this.ring = new MemoryRing(size, config);
    }

    /** Nodes 1 to {@code nodes}, 1 to 64 of them, all started; they are one ring soon, see {@link #awaitOneRing}. */
    public static TestRing of(int nodes) {
        return of(nodes, settings -> {});
    }

    /**
     * The same with other settings.
     *
     * @param settings sets some; others are a token timeout of 250 ms, a close limit of 1 s, and defaults
     * @throws dev.totem.core.ConfigurationException if they cannot work, alone or together
     */
    public static TestRing of(int nodes, Consumer<TotemConfig.Builder> settings) {
        if (nodes < 1 || nodes > NODES_MAX) {
            throw new IllegalArgumentException("nodes must be from 1 to " + NODES_MAX + ": " + nodes);
        }
        TotemConfig.Builder builder = TotemConfig.builder().token(TOKEN).set(Settings.CLOSE_LIMIT, CLOSE_LIMIT);
        settings.accept(builder);
        TestRing made = new TestRing(nodes, builder.build());
        try {
            IntStream.rangeClosed(1, nodes).forEach(made::restart);
        } catch (RuntimeException failure) {
            made.close();
            throw failure;
        }
        return made;
    }

    /**
     * A node.
     *
     * @throws IllegalStateException if it is not up
     */
    public TotemNode node(int id) {
        return ring.node(id).orElseThrow(() -> new IllegalStateException("node " + id + " is not up"));
    }

    /** The nodes that are up, ascending. */
    public List<TotemNode> nodes() {
        return ring.up();
    }

    /** {@link #awaitRing} with all nodes that are up when somebody subscribes. */
    public Mono<Void> awaitOneRing() {
        return Mono.defer(
                () -> ring.awaitRing(ring.up().stream().map(TotemNode::id).toList()));
    }

    /**
     * Completes when these nodes have installed one configuration of just them; never if they cannot. Cold; signals on
     * {@code Schedulers.parallel()}.
     */
    public Mono<Void> awaitRing(int... members) {
        return ring.awaitRing(IntStream.of(members).mapToObj(NodeId::of).toList());
    }

    /**
     * Cuts these nodes off from all others: both sides go on among themselves. Calls add up: of three nodes,
     * {@code partition(1)} makes two parts and a following {@code partition(2)} three.
     */
    public void partition(int... side) {
        List<NodeId> cut =
                IntStream.of(side).peek(ring::node).mapToObj(NodeId::of).toList();
        Map<NodeId, Integer> finer = new HashMap<>();
        Map<List<Object>, Integer> numbers = new HashMap<>();
        for (int id = 1; id <= size; id++) {
            NodeId node = NodeId.of(id);
            List<Object> part = List.of(partOf.getOrDefault(node, 0), cut.contains(node));
            numbers.putIfAbsent(part, numbers.size());
            finer.put(node, numbers.getOrDefault(part, 0));
        }
        partOf = finer;
        ring.partition(finer);
    }

    /** Everybody hears everybody again, and nothing is lost. */
    public void heal() {
        partOf = Map.of();
        ring.partition(partOf);
        ring.loss(0);
    }

    /** This fraction of all datagrams is lost from now on, from 0 to 1. */
    public void loss(double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("loss must be from 0 to 1: " + rate);
        }
        ring.loss(rate);
    }

    /** Ends a node without a word to the others; its streams end with an error. Nothing if it is not up. */
    public void crash(int id) {
        ring.crash(id);
    }

    /** Starts a node that is not up, on what it had on stable storage. */
    public TotemNode restart(int id) {
        if (ring.node(id).isPresent()) {
            throw new IllegalStateException("node " + id + " is up");
        }
        TotemNode node = ring.start(id).block(PATIENCE);
        if (node == null) {
            throw new IllegalStateException("node " + id + " did not start");
        }
        return node;
    }

    /** Heals the network, lets all nodes leave in order, and ends all their threads. Idempotent. */
    @Override
    public void close() {
        heal();
        List<Mono<Void>> leaving = new ArrayList<>();
        ring.up().forEach(node -> leaving.add(node.leave().onErrorComplete()));
        Mono.when(leaving).timeout(PATIENCE, Mono.empty()).block();
        IntStream.rangeClosed(1, size).forEach(ring::crash);
    }
}

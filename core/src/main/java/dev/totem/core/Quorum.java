/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which part of a partitioned network may decide: the primary one. Immutable, any thread; the same at all nodes, as any two parts
 * that may decide by it have a node in common.
 *
 * <p>A configuration tells whether it is primary ({@link ConfigChange#isPrimary()}), the same to all of its members. Members that have
 * different quorums are never in a primary one together. A node with a quorum starts a token
 * timeout later, so that a {@link Lease} of another is over that its former life may have helped to.
 */
public final class Quorum {

    /** The most votes that one node can have. */
    public static final int VOTES_MAX = 1_000;

    /** The most nodes that can have votes: the largest ring. */
    public static final int NODES_MAX = 384;

    private static final String SETTING = "quorum";
    private static final Quorum NONE = new Quorum(0, new TreeMap<>(), Optional.empty(), 0);

    /** Nodes of one vote each, whichever they are; 0 if they are named. */
    private final int anyNodes;

    private final SortedMap<NodeId, Integer> weights;
    private final Optional<NodeId> tieBreaker;
    private final int expected;

    private Quorum(int anyNodes, SortedMap<NodeId, Integer> weights, Optional<NodeId> tieBreaker, int expected) {
        this.anyNodes = anyNodes;
        this.weights = weights;
        this.tieBreaker = tieBreaker;
        this.expected = expected;
    }

    /** Every part is primary, always. */
    public static Quorum none() {
        return NONE;
    }

    /**
     * More than half of so many nodes, whichever they are.
     *
     * @param nodes how many there can be at most, 1 to {@link #NODES_MAX}; more than that must not be started
     */
    public static Quorum majority(int nodes) {
        require(nodes >= 1 && nodes <= NODES_MAX, "majority:" + nodes, "of 1 to " + NODES_MAX + " nodes");
        return new Quorum(nodes, new TreeMap<>(), Optional.empty(), 0);
    }

    /** More than half of these nodes; others have no vote. */
    public static Quorum majority(NodeId... nodes) {
        return majority(Arrays.asList(requireNonNull(nodes, "nodes")));
    }

    /** The same. */
    public static Quorum majority(Collection<NodeId> nodes) {
        SortedMap<NodeId, Integer> weights = new TreeMap<>();
        requireNonNull(nodes, "nodes").forEach(node -> weights.put(requireNonNull(node, "nodes"), 1));
        return weighted(weights);
    }

    /**
     * More than half of the votes of these nodes; others have none.
     *
     * @param votes 0 to {@link #VOTES_MAX} each, at least one in all, of at most {@link #NODES_MAX} nodes
     */
    public static Quorum weighted(Map<NodeId, Integer> votes) {
        SortedMap<NodeId, Integer> weights = new TreeMap<>(requireNonNull(votes, "votes"));
        weights.forEach((node, weight) -> require(
                requireNonNull(weight, "votes") >= 0 && weight <= VOTES_MAX,
                "weighted:" + node + "=" + weight,
                "a node has 0 to " + VOTES_MAX + " votes"));
        require(
                weights.size() <= NODES_MAX && weights.values().stream().anyMatch(weight -> weight > 0),
                "weighted:" + listed(weights),
                "1 to " + NODES_MAX + " nodes, of which at least one has a vote");
        return new Quorum(0, weights, Optional.empty(), 0);
    }

    /** The same, and exactly half of the votes if this node is among them. */
    public Quorum withTieBreaker(NodeId node) {
        requireNonNull(node, "node");
        require(!isNone(), "none+tie:" + node, "a tie breaker needs votes: majority or weighted");
        require(
                anyNodes > 0 || weights.getOrDefault(node, 0) > 0,
                this + "+tie:" + node,
                "the tie breaker is one of the nodes that have votes");
        return new Quorum(anyNodes, weights, Optional.of(node), expected);
    }

    /**
     * The same, but not before so many nodes were members of one configuration, since the members of the present one started: for
     * clusters that are started at different times. Once it was so, it is so for all that are in a ring with one who knows.
     *
     * @param nodes 1 to the number of nodes that have votes
     */
    public Quorum bootstrapExpect(int nodes) {
        require(
                nodes >= 1 && nodes <= nodes(),
                this + "+expect:" + nodes,
                isNone()
                        ? "expect needs votes: majority or weighted"
                        : "from 1 to the " + nodes() + " nodes with votes");
        return new Quorum(anyNodes, weights, tieBreaker, nodes);
    }

    /**
     * Reads what {@link #toString} writes: {@code none}, {@code majority:3}, {@code majority:1,2,3} or {@code weighted:1=2,2=1}, and
     * behind the latter {@code +tie:1} and {@code +expect:3}.
     *
     * @throws ConfigurationException if it is none of these, or its values cannot work
     */
    public static Quorum parse(String text) {
        return QuorumText.parse(requireNonNull(text, "text"));
    }

    /** Whether these nodes may decide, as far as their votes go. Nodes are counted once each. */
    public boolean isPrimary(Collection<NodeId> nodes) {
        requireNonNull(nodes, "nodes");
        if (isNone()) {
            return true;
        }
        int twice = 2 * votesOf(nodes);
        return twice > votes()
                || (twice == votes() && tieBreaker.filter(nodes::contains).isPresent());
    }

    /** The votes of these nodes; each must be given once. */
    public int votesOf(Collection<NodeId> nodes) {
        requireNonNull(nodes, "nodes");
        return anyNodes > 0
                ? nodes.size()
                : nodes.stream().mapToInt(node -> weights.getOrDefault(node, 0)).sum();
    }

    /** All votes; 0 if there are none. */
    public int votes() {
        return anyNodes > 0
                ? anyNodes
                : weights.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many nodes have votes. */
    public int nodes() {
        return anyNodes > 0
                ? anyNodes
                : (int) weights.values().stream().filter(weight -> weight > 0).count();
    }

    /** How many nodes must have been members together; 0 if that was not asked for. */
    public int expected() {
        return expected;
    }

    /** Whether every part is primary. */
    public boolean isNone() {
        return anyNodes == 0 && weights.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quorum quorum && toString().equals(quorum.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** As {@link #parse} reads it; equal quorums have equal texts. */
    @Override
    public String toString() {
        return base() + tieBreaker.map(node -> "+tie:" + node).orElse("") + (expected > 0 ? "+expect:" + expected : "");
    }

    private String base() {
        if (isNone()) {
            return "none";
        } else if (anyNodes > 0) {
            return "majority:" + anyNodes;
        }
        boolean isEven = weights.size() > 1 && weights.values().stream().allMatch(weight -> weight == 1);
        return isEven
                ? "majority:" + weights.keySet().stream().map(NodeId::toString).collect(Collectors.joining(","))
                : "weighted:" + listed(weights);
    }

    private static String listed(Map<NodeId, Integer> weights) {
        return weights.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    static void require(boolean holds, String value, String remedy) {
        if (!holds) {
            throw new ConfigurationException(SETTING, value, remedy);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

/**
 * The identity of one processor, unique in the cluster, from 1 to 2^31-1; ascending ids are the order of the ring.
 *
 * <p>Any thread. Zero is not an id ({@code PROTOCOL.md} D10), and negative ones are refused because other tools treat
 * ids as signed numbers.
 */
public record NodeId(int value) implements Comparable<NodeId> {

    public NodeId {
        if (value < 1) {
            throw new ConfigurationException(
                    "id", String.valueOf(value), "a node id is from 1 to " + Integer.MAX_VALUE);
        }
    }

    public static NodeId of(int value) {
        return new NodeId(value);
    }

    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}

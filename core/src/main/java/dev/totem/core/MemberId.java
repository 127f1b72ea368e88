/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/**
 * A handle of one life of a node: what can be a member of a group. Immutable, any thread.
 *
 * <p>A node that was started again has other handles: their ids differ in {@code life}.
 *
 * @param node the node
 * @param life the life of the node: later ones have greater numbers, as far as its clock goes forward
 * @param handle the number of the handle among those that this life has opened, from 1
 */
public record MemberId(NodeId node, long life, int handle) implements Comparable<MemberId> {

    public MemberId {
        requireNonNull(node, "node");
    }

    @Override
    public int compareTo(MemberId other) {
        int byNode = node.compareTo(other.node);
        if (byNode != 0) {
            return byNode;
        }
        int byLife = Long.compare(life, other.life);
        return byLife != 0 ? byLife : Integer.compare(handle, other.handle);
    }

    @Override
    public String toString() {
        return node + "." + handle;
    }
}

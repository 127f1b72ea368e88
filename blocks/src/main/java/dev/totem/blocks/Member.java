/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.NodeId;
import java.util.Comparator;

/**
 * One life of one replica: a node that was started again, or a block opened again on it, is another member, and so is each of several
 * replicas that clients have at one node. Any thread.
 *
 * @param node where it runs
 * @param instance tells its lives apart
 */
public record Member(NodeId node, long instance) implements Comparable<Member> {

    private static final Comparator<Member> ORDER =
            Comparator.comparing(Member::node).thenComparingLong(Member::instance);

    public Member {
        requireNonNull(node, "node");
    }

    @Override
    public int compareTo(Member other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return node + "#" + Long.toHexString(instance);
    }
}

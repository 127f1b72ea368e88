/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A snapshot of the regular configuration that a node has installed last. Any thread.
 *
 * @param local the node that was asked
 * @param ring the ring of the configuration
 * @param members its members, ascending; the local node is one of them
 * @param isPrimary whether they may decide by their {@link Quorum}; always true without one
 */
public record Membership(NodeId local, RingId ring, List<NodeId> members, boolean isPrimary) {

    public Membership {
        requireNonNull(local, "local");
        requireNonNull(ring, "ring");
        requireNonNull(members, "members");
        members = List.copyOf(members);
    }

    /** Of a node without a quorum. */
    public Membership(NodeId local, RingId ring, List<NodeId> members) {
        this(local, ring, members, true);
    }
}

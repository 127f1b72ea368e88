/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * The thesis' termination rule ({@code PROTOCOL.md} 3.4): when the same membership was agreed and lost again and again, the
 * member that forwarded the fewest tokens is given up on. Node loop only; from one install to the next.
 *
 * <p>Deviation: the rule applies at the third failure, not at the first, because a lossy link may lose a token for good
 * without being broken. Among equals the first in ring order is chosen: behind a broken link nobody has forwarded
 * anything, and the first of those is the one that cannot be reached.
 */
public final class Attempts {

    private static final int ATTEMPTS_MAX = 3;

    private List<NodeId> members = List.of();
    private int attempts;
    private int rotations;

    /** This processor commits to a membership. */
    public void committed(List<NodeId> proposed) {
        if (!proposed.equals(members)) {
            members = List.copyOf(proposed);
            attempts = 0;
            rotations = 0;
        }
        attempts++;
    }

    /** This processor forwarded a commit token, or a regular one during recovery. */
    public void forwarded() {
        rotations++;
    }

    /** Tokens forwarded while trying the present membership. */
    public int rotations() {
        return rotations;
    }

    /** The member to give up on before this membership is tried once more. */
    public Optional<NodeId> toGiveUp(List<NodeId> proposed, NodeId self, RememberedJoins joins) {
        if (attempts < ATTEMPTS_MAX || proposed.size() < 2 || !proposed.equals(members)) {
            return Optional.empty();
        }
        NodeId fewest = proposed.get(0);
        int least = Integer.MAX_VALUE;
        for (NodeId node : proposed) {
            int count = node.equals(self)
                    ? rotations
                    : joins.latestOf(node).map(join -> join.rotations()).orElse(0);
            if (count < least) {
                least = count;
                fewest = node;
            }
        }
        return Optional.of(fewest);
    }
}

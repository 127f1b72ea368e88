/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.Membership;
import dev.totem.core.TotemNode;
import java.util.Optional;

/**
 * Whether the application's node is of use at this moment. The one place that decides so, for health and whatever else asks.
 * Immutable, any thread.
 *
 * @param state from best to worst
 * @param reason in words
 * @param membership if the node runs
 */
public record NodeCondition(State state, String reason, Optional<Membership> membership) {

    /** From best to worst. */
    public enum State {
        /** In a ring, and in the primary part if there is a quorum. */
        READY,
        /** Runs, and recovers by itself. */
        WAITING,
        /** Does not run. */
        OVER
    }

    public static NodeCondition of(ContextNode node) {
        Optional<TotemNode> now = node.now();
        if (now.isEmpty()) {
            return new NodeCondition(
                    State.OVER,
                    "the node does not run: it has not started, has left, or has stopped itself",
                    Optional.empty());
        }
        Membership membership = now.get().membership();
        if (membership.ring().seq() == 0) {
            return new NodeCondition(State.WAITING, "no ring has been formed yet", Optional.of(membership));
        }
        if (!membership.isPrimary()) {
            return new NodeCondition(
                    State.WAITING,
                    "in a part without a quorum: " + membership.members().size() + " members, quorum "
                            + node.settings().quorum(),
                    Optional.of(membership));
        }
        return new NodeCondition(
                State.READY, "in a ring of " + membership.members().size(), Optional.of(membership));
    }
}

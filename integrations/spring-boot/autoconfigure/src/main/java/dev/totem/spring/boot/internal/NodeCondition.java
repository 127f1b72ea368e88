/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.Membership;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeHealth.Reason;
import dev.totem.core.TotemNode;
import java.util.List;
import java.util.Optional;

/**
 * How the application's node is at this moment, for health and whatever else asks. Immutable, any thread.
 *
 * @param reasons what is to be said of it, what weighs most first
 * @param membership if the node runs
 */
public record NodeCondition(State state, List<Reason> reasons, Optional<Membership> membership) {

    /** From best to worst. */
    public enum State {
        /** {@link NodeHealth#isReady}. */
        READY,
        /** Not ready, and may be again by itself. */
        WAITING,
        /** Does not run. */
        OVER
    }

    public static NodeCondition of(ContextNode node) {
        NodeHealth health = node.started().map(TotemNode::health).orElseGet(NodeCondition::notStarted);
        State state = health.isReady() ? State.READY : health.isLive() ? State.WAITING : State.OVER;
        return new NodeCondition(state, health.reasons(), node.now().map(TotemNode::membership));
    }

    private static NodeHealth notStarted() {
        return new NodeHealth(List.of(
                new Reason(NodeHealth.Code.CLOSED, "it starts with the application context, and leaves with it")));
    }
}

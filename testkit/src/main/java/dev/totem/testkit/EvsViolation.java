/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import dev.totem.core.NodeId;
import java.util.List;

/**
 * One statement of Extended Virtual Synchrony that is not kept. Immutable, any thread.
 *
 * @param rule which statement, as {@code docs/GUARANTEES.md} names it
 * @param statement what always holds
 * @param explanation what it means for who relies on it
 * @param nodes whose events show it, ascending
 * @param what the contradiction
 * @param events the events that show it, in order, each with its node
 */
public record EvsViolation(
        String rule, String statement, String explanation, List<NodeId> nodes, String what, List<String> events) {

    public EvsViolation {
        nodes = List.copyOf(nodes);
        events = List.copyOf(events);
    }

    @Override
    public String toString() {
        String head = rule + " at " + nodes + ": " + what + "\n    what holds: " + statement + "\n    what it means: "
                + explanation;
        return events.isEmpty() ? head : head + "\n    " + String.join("\n    ", events);
    }
}

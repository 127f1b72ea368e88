/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One statement that the logs do not keep. Immutable, any thread.
 *
 * @param processes whose logs show it
 * @param what the contradiction in a sentence
 * @param chain the events that show it, in order, each with its process
 */
public record Violation(EvsRule rule, SortedSet<NodeId> processes, String what, List<String> chain) {

    public Violation {
        processes = new TreeSet<>(processes);
        chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
        String head = rule + " (" + rule.sentence() + ") at " + processes + ": " + what;
        return chain.isEmpty() ? head : head + "\n    " + String.join("\n    ", chain);
    }
}

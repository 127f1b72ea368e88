/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import dev.totem.core.TotemNode;
import java.util.SortedMap;

/** Where the console takes a node's statistics from. Any thread. */
final class NodeNumbers {

    private NodeNumbers() {}

    /** All of them, by the names of {@code docs/OPERATION.md}. */
    static SortedMap<String, Long> of(TotemNode node) {
        return node.stats().byName();
    }
}

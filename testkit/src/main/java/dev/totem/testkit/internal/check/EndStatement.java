/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The harness's word that the network was stable and whole within these components, without faults, until all was quiet.
 * Immutable, any thread.
 *
 * @param components the live processes, by who can hear whom; a process in none of them is not live
 */
public record EndStatement(List<SortedSet<NodeId>> components) {

    public EndStatement {
        components = components.stream()
                .<SortedSet<NodeId>>map(component -> new TreeSet<>(component))
                .toList();
    }
}

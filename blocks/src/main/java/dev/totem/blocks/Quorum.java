/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import java.util.Collection;

/**
 * Which sets of nodes may decide. Immutable, any thread; the same at all nodes.
 *
 * <p>Any two sets that may decide must have a node in common, but for {@link #none}.
 */
public interface Quorum {

    boolean isPrimary(Collection<NodeId> nodes);

    /** How many nodes there are in all. */
    int votes();

    /** Any node: each part of a partitioned network decides for itself, and when parts merge one of their states remains. */
    static Quorum none() {
        return new Quorum() {
            @Override
            public boolean isPrimary(Collection<NodeId> nodes) {
                return !nodes.isEmpty();
            }

            @Override
            public int votes() {
                return 1;
            }

            @Override
            public String toString() {
                return "none";
            }
        };
    }

    /** More than half of so many nodes, whichever they are. */
    static Quorum majority(int votes) {
        if (votes < 1) {
            throw new ConfigurationException(
                    "quorum", "majority:" + votes, "say of how many nodes a majority decides, 1 or more");
        }
        return new Quorum() {
            @Override
            public boolean isPrimary(Collection<NodeId> nodes) {
                return nodes.size() * 2L > votes;
            }

            @Override
            public int votes() {
                return votes;
            }

            @Override
            public String toString() {
                return "majority:" + votes;
            }
        };
    }
}

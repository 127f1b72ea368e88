/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import java.util.Optional;

/**
 * Who leads, as far as this node knows. Immutable, any thread.
 *
 * @param election which election
 * @param leader the node that leads, empty if none is known: then there is none, or this part has no quorum
 * @param term where it began to lead, greater than all before; empty without a leader
 * @param isOwn whether it is this node, and nobody else leads as long as this has not changed
 */
public record Leadership(String election, Optional<NodeId> leader, Optional<Position> term, boolean isOwn) {

    public Leadership {
        requireNonNull(election, "election");
        requireNonNull(leader, "leader");
        requireNonNull(term, "term");
    }

    static Leadership nobody(String election) {
        return new Leadership(election, Optional.empty(), Optional.empty(), false);
    }

    /** The term as text of fixed width, for others to compare: see {@link FencingToken}; empty without a leader. */
    public Optional<String> token() {
        return term.map(FencingToken::of);
    }
}

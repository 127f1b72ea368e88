/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * What a replica can do at a moment. Immutable, any thread.
 *
 * @param phase what it can do
 * @param inState the nodes that have the state, as far as this one knows; ascending
 * @param index how many entries are applied here
 * @param transferred bytes of a transfer that have come, 0 if none is under way
 * @param divergence the last time that this replica's state differed from that of others, if it ever did since it was opened
 */
public record StateStatus(
        Phase phase, List<NodeId> inState, long index, long transferred, Optional<Divergence> divergence) {

    /** From least to most. */
    public enum Phase {
        /** This part of the network may not decide. */
        NOT_PRIMARY,
        /** A primary is being formed, or too few members of it know what was decided before. */
        FORMING,
        /** The primary decides; the state comes to this node. */
        BEHIND,
        /** This node has the state and decides with the others. */
        IN_STATE,
        /** It is over. */
        STOPPED
    }

    public StateStatus {
        inState = List.copyOf(inState);
        requireNonNull(divergence, "divergence");
    }
}

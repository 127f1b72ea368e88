/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import java.util.List;
import java.util.Optional;

/**
 * A replica had other results than most replicas, and gave up its state for theirs. Immutable, any thread.
 *
 * @param index the first entry with another result: so many entries the state has behind it
 * @param position of that entry; empty if it is not known any more
 * @param isExact false if only this is known, that the first one is this or one before it: more than 1,000 entries were not compared
 * @param others nodes whose results were taken for right; ascending
 */
public record Divergence(long index, Optional<Position> position, boolean isExact, List<NodeId> others) {

    public Divergence {
        requireNonNull(position, "position");
        others = List.copyOf(others);
    }

    @Override
    public String toString() {
        return "results differ from those of nodes " + others + ", first at entry " + index
                + position.map(at -> " at " + at).orElse("") + (isExact ? "" : " or before");
    }
}

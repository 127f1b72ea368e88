/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Position;

/**
 * The state of another part was merged; the same at all replicas. Immutable, any thread.
 *
 * @param position where in the one order
 * @param index so many entries the state has behind it with the merge
 * @param from who handed over the other state
 * @param commands how many commands the other state had in it, with those from before the parts were apart
 */
public record MergeReport(Position position, long index, Member from, long commands) {

    public MergeReport {
        requireNonNull(position, "position");
        requireNonNull(from, "from");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Position;
import java.util.Optional;

/**
 * What came of a conditional change of a {@link ReplicatedMap}. Immutable but for its value.
 *
 * @param isApplied whether the condition held, and so the change was made
 * @param position where it was decided; if it put something, the version of that
 * @param before what the key had then, empty if nothing
 */
public record MapUpdate<V>(boolean isApplied, Position position, Optional<V> before) {

    public MapUpdate {
        requireNonNull(position, "position");
        requireNonNull(before, "before");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Position;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link ReplicatedMap} is at a position: the same at all nodes. As immutable as its keys and values.
 *
 * @param position the last thing that is in it; empty before the first
 * @param hash of all entries and versions, hexadecimal
 * @param entries in the order of the keys' bytes
 */
public record MapSnapshot<K, V>(Optional<Position> position, String hash, List<MapEntry<K, V>> entries) {

    public MapSnapshot {
        requireNonNull(position, "position");
        requireNonNull(hash, "hash");
        entries = List.copyOf(entries);
    }
}

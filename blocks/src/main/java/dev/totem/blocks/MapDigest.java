/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Position;

/**
 * What a {@link ReplicatedMap} is at a position: the same at all nodes. Immutable, any thread.
 *
 * @param position the last thing that is in it
 * @param hash of all entries and versions, hexadecimal
 * @param size how many entries
 */
public record MapDigest(Position position, String hash, int size) {

    public MapDigest {
        requireNonNull(position, "position");
        requireNonNull(hash, "hash");
    }
}

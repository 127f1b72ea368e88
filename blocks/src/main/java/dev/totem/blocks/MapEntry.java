/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Position;

/**
 * A key of a {@link ReplicatedMap} and what it has. As immutable as its key and value.
 *
 * @param version where the value was put; grows with each put of the key
 */
public record MapEntry<K, V>(K key, V value, Position version) {

    public MapEntry {
        requireNonNull(key, "key");
        requireNonNull(value, "value");
        requireNonNull(version, "version");
    }
}

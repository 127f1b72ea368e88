/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Position;
import java.util.Optional;

/**
 * What has become of a key of a {@link ReplicatedMap}. As immutable as its key and value.
 *
 * @param value what it has, empty if it is gone
 * @param position where that happened; of a value, its version
 */
public record MapChange<K, V>(Kind kind, K key, Optional<V> value, Position position) {

    /** Why a change is told. */
    public enum Kind {
        /** It was there when the watch began. */
        PRESENT,
        /** It was put. */
        PUT,
        /** It was removed. */
        REMOVED,
        /** Its time was over. */
        EXPIRED
    }

    public MapChange {
        requireNonNull(kind, "kind");
        requireNonNull(key, "key");
        requireNonNull(value, "value");
        requireNonNull(position, "position");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The master keys of a cluster, from old to new. Any thread, as long as nobody erases it.
 *
 * @param keys at least one, with different ids
 * @param active the id of the key that a session seals with when it starts
 */
record KeyRing(List<MasterKey> keys, int active) {

    KeyRing {
        keys = List.copyOf(keys);
        if (keys.stream().noneMatch(key -> key.id() == active)) {
            throw new IllegalArgumentException("no key " + active + " of " + ids(keys));
        }
        if (keys.stream().map(MasterKey::id).distinct().count() < keys.size()) {
            throw new IllegalArgumentException("an id twice in " + ids(keys));
        }
    }

    Optional<MasterKey> of(int id) {
        return keys.stream().filter(key -> key.id() == id).findFirst();
    }

    /** Whether one of its keys is newer than another. */
    boolean isAfter(int id, int other) {
        List<Integer> ids = keys.stream().map(MasterKey::id).toList();
        return ids.indexOf(id) > ids.indexOf(other);
    }

    /** The id for the next key: one more than the last, or the lowest that is free; empty if none is. */
    OptionalInt nextId() {
        int last = keys.get(keys.size() - 1).id();
        return IntStream.concat(IntStream.rangeClosed(last + 1, MasterKey.ID_MAX), IntStream.rangeClosed(1, last))
                .filter(id -> of(id).isEmpty())
                .findFirst();
    }

    /**
     * This ring with the keys that another one has beyond it, and its active key. The other's copies of keys that are here are
     * erased; keys that only this one has stay, as sessions may use them.
     *
     * @throws ConfigurationException if an id has come to mean another key
     */
    KeyRing followedBy(KeyRing next) {
        List<MasterKey> all = new ArrayList<>(keys);
        for (MasterKey key : next.keys) {
            Optional<MasterKey> known = of(key.id());
            if (known.isEmpty()) {
                all.add(key);
            } else if (!known.get().key().hasBitsOf(key.key())) {
                throw new ConfigurationException(
                        "key", String.valueOf(key.id()), "it has become another key; a new key needs an id of its own");
            } else {
                key.key().erase();
            }
        }
        return new KeyRing(all, next.active);
    }

    void erase() {
        keys.forEach(key -> key.key().erase());
    }

    /** No secrets. */
    @Override
    public String toString() {
        return "KeyRing[" + ids(keys) + ", active " + active + "]";
    }

    private static String ids(List<MasterKey> keys) {
        return keys.stream().map(key -> String.valueOf(key.id())).toList().toString();
    }
}

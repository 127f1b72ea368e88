/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The master keys of a cluster, from old to new, for a {@link KeySource} to hand out. Immutable, as long as nobody erases it;
 * any thread.
 */
public final class KeyRing {

    private static final int FINGERPRINT_BYTES = 8;

    private final List<MasterKey> keys;
    private final int active;

    /**
     * @param keys at least one, with different ids
     * @param active the id of the key that a session seals with when it starts
     */
    KeyRing(List<MasterKey> keys, int active) {
        this.keys = List.copyOf(keys);
        this.active = active;
        if (keys.stream().noneMatch(key -> key.id() == active)) {
            throw new IllegalArgumentException("no key " + active + " of " + ids(keys));
        }
        if (keys.stream().map(MasterKey::id).distinct().count() < keys.size()) {
            throw new IllegalArgumentException("an id twice in " + ids(keys));
        }
    }

    /**
     * One key, which is the active one.
     *
     * @param id 1 to 255, the same at all nodes
     * @param key 32 random bytes; copied, so the caller wipes them
     * @throws ConfigurationException if the id or the length is another, or the bytes are all the same
     */
    public static KeyRing of(int id, byte[] key) {
        return new KeyRing(List.of(master(id, key)), id);
    }

    /**
     * This ring and one more key, newer than all others. The active one stays.
     *
     * @throws ConfigurationException as {@link #of(int, byte[])}, or if the id is in use
     */
    public KeyRing and(int id, byte[] key) {
        requireNonNull(key, "key");
        if (of(id).isPresent()) {
            throw new ConfigurationException("key", String.valueOf(id), "the id is used by another key");
        }
        List<MasterKey> all = new ArrayList<>(keys);
        all.add(master(id, key));
        return new KeyRing(all, active);
    }

    /**
     * This ring with another of its keys as the one that a node seals with when it starts.
     *
     * @throws ConfigurationException if there is no such key
     */
    public KeyRing startingWith(int id) {
        if (of(id).isEmpty()) {
            throw new ConfigurationException("key", String.valueOf(id), "there is no such key among " + ids(keys));
        }
        return new KeyRing(keys, id);
    }

    private static MasterKey master(int id, byte[] key) {
        if (id < 1 || id > MasterKey.ID_MAX) {
            throw new ConfigurationException("key", String.valueOf(id), "a key id is from 1 to " + MasterKey.ID_MAX);
        }
        if (requireNonNull(key, "key").length != SecretKey.BYTES) {
            throw new ConfigurationException(
                    "key", String.valueOf(id), "it has " + key.length + " bytes; a key has " + SecretKey.BYTES);
        }
        MasterKey made = new MasterKey(id, SecretKey.owning(key.clone()));
        if (made.key().isUniform()) {
            throw new ConfigurationException(
                    "key", String.valueOf(id), "all its bytes are the same; take 32 random ones");
        }
        return made;
    }

    /**
     * What tells rings apart and tells nothing of the keys: the first 16 hexadecimal digits of a SHA-256 over numbers and keys, the
     * same at all nodes that have the same.
     */
    public String fingerprint() {
        MessageDigest digest = sha256();
        digest.update("totem key ring".getBytes(StandardCharsets.US_ASCII));
        for (MasterKey key : keys) {
            byte[] bits = key.key().copyBytes();
            digest.update((byte) key.id());
            digest.update(bits);
            Arrays.fill(bits, (byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, FINGERPRINT_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    List<MasterKey> keys() {
        return keys;
    }

    /** The id of the key that a session seals with when it starts. */
    int active() {
        return active;
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

    /** A ring with copies of the keys, for somebody who erases it. */
    KeyRing copy() {
        return new KeyRing(
                keys.stream()
                        .map(key -> new MasterKey(key.id(), key.key().copy()))
                        .toList(),
                active);
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

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Keys for tests. */
final class Keys {

    private Keys() {}

    static SecretKey key(int seed) {
        byte[] bytes = new byte[SecretKey.BYTES];
        new Random(seed).nextBytes(bytes);
        return SecretKey.owning(bytes);
    }

    static MasterKey master(int seed) {
        return new MasterKey(1, key(seed));
    }

    /** A ring of keys that differ by their ids; the first is active. */
    static KeyRing ring(int... ids) {
        return new KeyRing(
                IntStream.of(ids).mapToObj(id -> new MasterKey(id, key(id))).toList(), ids[0]);
    }

    /** A place for keys that nobody adds to. */
    static KeySource fixed(KeyRing ring) {
        return new KeySource() {

            @Override
            public CompletionStage<KeyRing> read() {
                return CompletableFuture.completedFuture(ring);
            }

            @Override
            public CompletionStage<Void> keepActive(int id) {
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    /** A seal with one key. */
    static AeadSeal seal(MasterKey master, Aead.Factory ciphers, RandomGenerator random, long partFrames) {
        KeyRing ring = new KeyRing(List.of(master), master.id());
        return new AeadSeal(CipherSuite.AES_256_GCM, ring, fixed(ring), ciphers, random, partFrames);
    }
}

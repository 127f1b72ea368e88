/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys of one cluster: HKDF-SHA256 (RFC 5869) of the master key. One thread at a time.
 *
 * <p>The info is suite and cluster, each behind its length in two bytes, then what the key is for: node id, life and part
 * of the life (16 bytes), or the word {@code guard}. A key is as long as a hash, so one block of the expansion is all.
 */
final class KeyDerivation {

    private static final byte[] SALT = "totem-evs seal 1".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] GUARD = "guard".getBytes(StandardCharsets.US_ASCII);

    /** Ends the info of the first block of an expansion. */
    private static final byte FIRST_BLOCK = 1;

    private final Hmac hmac;
    private final SecretKey extracted;
    private final ByteBuffer info;
    private final int purposeAt;

    KeyDerivation(SecretKey master, String suite, String cluster) {
        this(master, suite, cluster, new HmacSha256());
    }

    KeyDerivation(SecretKey master, String suite, String cluster, Hmac hmac) {
        this.hmac = hmac;
        byte[] input = master.copyBytes();
        this.extracted = SecretKey.owning(hmac.of(SALT, input, input.length));
        Arrays.fill(input, (byte) 0);

        byte[] suiteName = suite.getBytes(StandardCharsets.UTF_8);
        byte[] clusterName = cluster.getBytes(StandardCharsets.UTF_8);
        this.purposeAt = Short.BYTES + suiteName.length + Short.BYTES + clusterName.length;
        this.info = ByteBuffer.allocate(purposeAt + Integer.BYTES + Long.BYTES + Integer.BYTES + 1)
                .putShort((short) suiteName.length)
                .put(suiteName)
                .putShort((short) clusterName.length)
                .put(clusterName);
    }

    /** The key of a part of a life of a node; parts follow each other from 0. */
    SecretKey keyOf(int node, long life, int part) {
        info.position(purposeAt).putInt(node).putLong(life).putInt(part);
        return expand();
    }

    /** The key of the cluster's {@link Guard}. */
    SecretKey guardKey() {
        info.position(purposeAt).put(GUARD);
        return expand();
    }

    private SecretKey expand() {
        info.put(FIRST_BLOCK);
        byte[] key = extracted.copyBytes();
        try {
            return SecretKey.owning(hmac.of(key, info.array(), info.position()));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    void erase() {
        extracted.erase();
    }
}

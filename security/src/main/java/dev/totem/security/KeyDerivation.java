/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * The keys of one cluster: HKDF-SHA256 (RFC 5869) of the master key. One thread at a time.
 *
 * <p>The info is suite and cluster, each behind its length in two bytes, then what the key is for: node id, life and part
 * of the life (16 bytes), or the word {@code guard}.
 */
final class KeyDerivation {

    private static final byte[] SALT = "totem-evs seal 1".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] GUARD = "guard".getBytes(StandardCharsets.US_ASCII);

    private final HKDFBytesGenerator hkdf = new HKDFBytesGenerator(SHA256Digest.newInstance());
    private final SecretKey extracted;
    private final ByteBuffer info;
    private final int purposeAt;

    KeyDerivation(SecretKey master, String suite, String cluster) {
        byte[] input = master.copyBytes();
        this.extracted = SecretKey.owning(hkdf.extractPRK(SALT, input));
        Arrays.fill(input, (byte) 0);

        byte[] suiteName = suite.getBytes(StandardCharsets.UTF_8);
        byte[] clusterName = cluster.getBytes(StandardCharsets.UTF_8);
        this.purposeAt = Short.BYTES + suiteName.length + Short.BYTES + clusterName.length;
        this.info = ByteBuffer.allocate(purposeAt + Integer.BYTES + Long.BYTES + Integer.BYTES)
                .putShort((short) suiteName.length)
                .put(suiteName)
                .putShort((short) clusterName.length)
                .put(clusterName);
    }

    /** The key of a part of a life of a node; parts follow each other from 0. */
    SecretKey keyOf(int node, long life, int part) {
        info.limit(info.capacity())
                .position(purposeAt)
                .putInt(node)
                .putLong(life)
                .putInt(part);
        return expand();
    }

    /** The key of the cluster's {@link Guard}. */
    SecretKey guardKey() {
        info.limit(purposeAt + GUARD.length).position(purposeAt).put(GUARD);
        return expand();
    }

    private SecretKey expand() {
        byte[] input = extracted.copyBytes();
        hkdf.init(HKDFParameters.skipExtractParameters(input, Arrays.copyOf(info.array(), info.limit())));
        byte[] key = new byte[SecretKey.BYTES];
        hkdf.generateBytes(key, 0, key.length);
        Arrays.fill(input, (byte) 0);
        return SecretKey.owning(key);
    }

    void erase() {
        extracted.erase();
        // The generator holds what it was given last until it gets something else.
        hkdf.init(HKDFParameters.skipExtractParameters(new byte[SecretKey.BYTES], new byte[0]));
    }
}

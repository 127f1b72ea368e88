/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.Arrays;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * HMAC-SHA256 (RFC 2104) that keeps nothing of a key: whatever is made of one on the way is overwritten before the call
 * returns, which no library's HMAC does. One thread at a time.
 */
final class HmacSha256 implements Hmac {

    private static final int BLOCK_BYTES = 64;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    /** Forgets its state when it has given a hash. */
    private final Digest digest = SHA256Digest.newInstance();

    private final byte[] pad = new byte[BLOCK_BYTES];
    private final byte[] inner = new byte[BYTES];

    @Override
    public byte[] of(byte[] key, byte[] text, int length) {
        begin(key, INNER);
        digest.update(text, 0, length);
        digest.doFinal(inner, 0);
        begin(key, OUTER);
        digest.update(inner, 0, BYTES);
        byte[] code = new byte[BYTES];
        digest.doFinal(code, 0);
        Arrays.fill(pad, (byte) 0);
        Arrays.fill(inner, (byte) 0);
        return code;
    }

    private void begin(byte[] key, byte mask) {
        Arrays.fill(pad, mask);
        for (int i = 0; i < key.length; i++) {
            pad[i] ^= key[i];
        }
        digest.update(pad, 0, BLOCK_BYTES);
    }
}

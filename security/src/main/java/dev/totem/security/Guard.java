/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.Arrays;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Four bytes behind the addresses of a frame that only who has the master key can make: half of their SipHash-2-4. Node loop
 * only.
 *
 * <p>They prove nothing of the frame, but they cost little to check: a stranger's frames end here, before a cipher or a key
 * derivation is used for them.
 */
final class Guard {

    static final int BYTES = Integer.BYTES;

    private static final int KEY_BYTES = 16;

    private final SipHash hash = new SipHash();

    /** @param key only read; the first half is used */
    Guard(SecretKey key) {
        byte[] bytes = key.copyBytes();
        KeyParameter half = new KeyParameter(bytes, 0, KEY_BYTES);
        hash.init(half);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(half.getKey(), (byte) 0);
    }

    /** The bytes for what is to be guarded. */
    int of(byte[] frame, int at, int length) {
        hash.update(frame, at, length);
        return (int) hash.doFinal();
    }

    void close() {
        hash.init(new KeyParameter(new byte[KEY_BYTES]));
    }
}

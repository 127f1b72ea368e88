/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * SOBER-128 with the nonce as IV, then HMAC-SHA1 (RFC 2104) over nonce, associated data and ciphertext, cut to 128 bits.
 *
 * <p>The first half of the key is the cipher's, the second the authenticator's. A message is authenticated before it is
 * decrypted. Allocates nothing after construction.
 */
final class SoberHmacAead implements Aead {

    private static final int CIPHER_KEY_BYTES = SecretKey.BYTES / 2;

    private final Sober128Engine cipher = new Sober128Engine();
    private final HMac mac = new HMac(new SHA1Digest());
    private final ParametersWithIV iv = new ParametersWithIV(null, new byte[NONCE_BYTES]);
    private final byte[] tag = new byte[mac.getMacSize()];

    SoberHmacAead(SecretKey key) {
        byte[] bytes = key.copyBytes();
        KeyParameter cipherKey = new KeyParameter(bytes, 0, CIPHER_KEY_BYTES);
        cipher.init(true, new ParametersWithIV(cipherKey, new byte[NONCE_BYTES]));
        KeyParameter macKey = new KeyParameter(bytes, CIPHER_KEY_BYTES, SecretKey.BYTES - CIPHER_KEY_BYTES);
        mac.init(macKey);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(cipherKey.getKey(), (byte) 0);
        Arrays.fill(macKey.getKey(), (byte) 0);
    }

    @Override
    public void seal(
            byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
        crypt(nonce, plaintext, from, length, message, at + associatedBytes);
        authenticate(nonce, message, at, associatedBytes + length);
        System.arraycopy(tag, 0, message, at + associatedBytes + length, TAG_BYTES);
    }

    @Override
    public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
        int authenticated = length - TAG_BYTES;
        authenticate(nonce, message, at, authenticated);
        if (!org.bouncycastle.util.Arrays.constantTimeAreEqual(TAG_BYTES, tag, 0, message, at + authenticated)) {
            return false;
        }
        crypt(nonce, message, at + associatedBytes, authenticated - associatedBytes, plaintext, 0);
        return true;
    }

    @Override
    public void close() {
        cipher.erase();
        mac.init(new KeyParameter(new byte[CIPHER_KEY_BYTES]));
    }

    private void crypt(byte[] nonce, byte[] in, int from, int length, byte[] out, int to) {
        System.arraycopy(nonce, 0, iv.getIV(), 0, NONCE_BYTES);
        cipher.init(true, iv);
        cipher.processBytes(in, from, length, out, to);
    }

    private void authenticate(byte[] nonce, byte[] message, int at, int length) {
        mac.update(nonce, 0, NONCE_BYTES);
        mac.update(message, at, length);
        mac.doFinal(tag, 0);
    }
}

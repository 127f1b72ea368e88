/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.GCMSIVBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * AES-256-GCM-SIV (RFC 8452) of Bouncy Castle: who sees the same nonce twice learns whether two texts are the same, and
 * nothing else.
 */
final class GcmSivAead implements Aead {

    private final GCMSIVBlockCipher cipher = new GCMSIVBlockCipher();
    private final SecretKey key;

    GcmSivAead(SecretKey key) {
        this.key = key.copy();
    }

    @Override
    public void seal(
            byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
        try {
            init(true, nonce);
            cipher.processAADBytes(message, at, associatedBytes);
            cipher.processBytes(plaintext, from, length, message, at + associatedBytes);
            cipher.doFinal(message, at + associatedBytes);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("AES-GCM-SIV does not seal", e);
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
        try {
            init(false, nonce);
            cipher.processAADBytes(message, at, associatedBytes);
            cipher.processBytes(message, at + associatedBytes, length - associatedBytes, plaintext, 0);
            cipher.doFinal(plaintext, 0);
            return true;
        } catch (InvalidCipherTextException e) {
            Arrays.fill(plaintext, (byte) 0);
            return false;
        }
    }

    @Override
    public void close() {
        key.erase();
        // The cipher holds what it derived until it gets another key.
        cipher.init(true, parameters(new byte[SecretKey.BYTES], new byte[NONCE_BYTES]));
    }

    private void init(boolean sealing, byte[] nonce) {
        byte[] bytes = key.copyBytes();
        AEADParameters parameters = parameters(bytes, nonce.clone());
        cipher.init(sealing, parameters);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(parameters.getKey().getKey(), (byte) 0);
    }

    private static AEADParameters parameters(byte[] key, byte[] nonce) {
        return new AEADParameters(new KeyParameter(key), TAG_BYTES * Byte.SIZE, nonce);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/** AES-256-GCM of the JDK's own provider, which uses the processor's AES instructions. */
final class JceAead implements Aead {

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final String PROVIDER = "SunJCE";

    private final Cipher cipher;
    private final AesKey key;

    JceAead(SecretKey key) {
        try {
            this.cipher = Cipher.getInstance(TRANSFORMATION, PROVIDER);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no " + TRANSFORMATION + " of " + PROVIDER, e);
        }
        this.key = new AesKey(key.copy());
    }

    @Override
    public void seal(
            byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
            cipher.updateAAD(message, at, associatedBytes);
            cipher.doFinal(plaintext, from, length, message, at + associatedBytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not seal", e);
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
            cipher.updateAAD(message, at, associatedBytes);
            cipher.doFinal(message, at + associatedBytes, length - associatedBytes, plaintext, 0);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not open", e);
        }
    }

    @Override
    public void close() {
        key.destroy();
        try {
            // The cipher holds the expanded key until it gets another one.
            AesKey zero = new AesKey(SecretKey.owning(new byte[SecretKey.BYTES]));
            cipher.init(Cipher.DECRYPT_MODE, zero, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, new byte[NONCE_BYTES]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not take another key", e);
        }
    }

    /** What {@code SecretKeySpec} does not do: forget. */
    private static final class AesKey implements javax.crypto.SecretKey {

        private static final long serialVersionUID = 1L;

        private final transient SecretKey key;

        AesKey(SecretKey key) {
            this.key = key;
        }

        @Override
        public String getAlgorithm() {
            return "AES";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            return key.copyBytes();
        }

        @Override
        public void destroy() {
            key.erase();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.function.Function;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/** An authenticated cipher of the JDK's own provider, or of another one; makes new objects for every nonce. */
final class JceAead implements Aead {

    private static final String SUN = "SunJCE";

    private final String algorithm;
    private final Function<byte[], AlgorithmParameterSpec> parameters;
    private final Cipher cipher;
    private final Key key;

    /** AES-256-GCM. */
    JceAead(SecretKey key) {
        this(key, SUN);
    }

    /** AES-256-GCM of a provider. */
    JceAead(SecretKey key, String provider) {
        this(provider, "AES/GCM/NoPadding", "AES", nonce -> new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce), key);
    }

    private JceAead(
            String provider,
            String transformation,
            String algorithm,
            Function<byte[], AlgorithmParameterSpec> parameters,
            SecretKey key) {
        this.algorithm = algorithm;
        this.parameters = parameters;
        try {
            this.cipher = Cipher.getInstance(transformation, provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no " + transformation + " of " + provider, e);
        }
        this.key = new Key(algorithm, key.copy());
    }

    static JceAead chaCha20Poly1305(SecretKey key) {
        return new JceAead(SUN, "ChaCha20-Poly1305", "ChaCha20", IvParameterSpec::new, key);
    }

    @Override
    public void seal(
            byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, parameters.apply(nonce));
            cipher.updateAAD(message, at, associatedBytes);
            cipher.doFinal(plaintext, from, length, message, at + associatedBytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + " does not seal", e);
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, parameters.apply(nonce));
            cipher.updateAAD(message, at, associatedBytes);
            cipher.doFinal(message, at + associatedBytes, length - associatedBytes, plaintext, 0);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + " does not open", e);
        }
    }

    @Override
    public void close() {
        key.destroy();
        try {
            // The cipher holds the expanded key until it gets another one.
            Key zero = new Key(algorithm, SecretKey.owning(new byte[SecretKey.BYTES]));
            cipher.init(Cipher.DECRYPT_MODE, zero, parameters.apply(new byte[NONCE_BYTES]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + " does not take another key", e);
        }
    }

    /** What {@code SecretKeySpec} does not do: forget. */
    private static final class Key implements javax.crypto.SecretKey {

        private static final long serialVersionUID = 1L;

        private final String algorithm;
        private final transient SecretKey key;

        Key(String algorithm, SecretKey key) {
            this.algorithm = algorithm;
            this.key = key;
        }

        @Override
        public String getAlgorithm() {
            return algorithm;
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

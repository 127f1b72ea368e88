/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/**
 * AES-256-GCM (NIST SP 800-38D) put together from the JDK's counter mode and its GHASH.
 *
 * <p>As fast as the JDK's own composition, which makes a kilobyte of garbage at every nonce; this one allocates nothing
 * after construction. A message is authenticated before it is decrypted.
 */
final class CtrGcmAead implements Aead {

    private static final String TRANSFORMATION = "AES/CTR/NoPadding";
    private static final String PROVIDER = "SunJCE";

    private static final int BLOCK_BYTES = GcmHash.BLOCK_BYTES;
    private static final byte[] ZEROS = new byte[BLOCK_BYTES];

    /** The counter of the block that masks the tag; those of the text follow. */
    private static final int MASK_COUNTER = 1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Cipher cipher;
    private final ReusedKey key;
    private final ReusedIv iv = new ReusedIv(new byte[BLOCK_BYTES]);
    private final GcmHash hash;
    private final byte[] mask = new byte[BLOCK_BYTES];
    private final byte[] lengths = new byte[BLOCK_BYTES];

    /** @throws UnsupportedOperationException as {@link GcmHash#GcmHash} */
    CtrGcmAead(SecretKey key) {
        this.key = new ReusedKey(key.copy());
        byte[] subkey = new byte[BLOCK_BYTES];
        try {
            this.cipher = Cipher.getInstance(TRANSFORMATION, PROVIDER);
            cipher.init(Cipher.ENCRYPT_MODE, this.key, iv);
            cipher.update(ZEROS, 0, BLOCK_BYTES, subkey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no " + TRANSFORMATION + " of " + PROVIDER, e);
        }
        this.hash = new GcmHash(subkey);
        Arrays.fill(subkey, (byte) 0);
    }

    @Override
    public void seal(
            byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
        int text = at + associatedBytes;
        try {
            begin(nonce);
            cipher.update(plaintext, from, length, message, text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR does not seal", e);
        }
        hash(message, at, associatedBytes, length);
        LONGS.set(message, text + length, tagHigh());
        LONGS.set(message, text + length + Long.BYTES, tagLow());
    }

    @Override
    public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
        int text = at + associatedBytes;
        int textBytes = length - associatedBytes - TAG_BYTES;
        try {
            begin(nonce);
            hash(message, at, associatedBytes, textBytes);
            long high = (long) LONGS.get(message, text + textBytes) ^ tagHigh();
            long low = (long) LONGS.get(message, text + textBytes + Long.BYTES) ^ tagLow();
            if ((high | low) != 0) {
                return false;
            }
            cipher.update(message, text, textBytes, plaintext);
            return true;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR does not open", e);
        }
    }

    @Override
    public void close() {
        key.destroy();
        hash.erase();
        Arrays.fill(mask, (byte) 0);
        try {
            // The cipher holds the expanded key until it gets another one.
            cipher.init(Cipher.ENCRYPT_MODE, new ReusedKey(SecretKey.owning(new byte[SecretKey.BYTES])), iv);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR does not take another key", e);
        }
    }

    private void begin(byte[] nonce) throws GeneralSecurityException {
        System.arraycopy(nonce, 0, iv.bytes, 0, NONCE_BYTES);
        Arrays.fill(iv.bytes, NONCE_BYTES, BLOCK_BYTES - 1, (byte) 0);
        iv.bytes[BLOCK_BYTES - 1] = MASK_COUNTER;
        cipher.init(Cipher.ENCRYPT_MODE, key, iv);
        cipher.update(ZEROS, 0, BLOCK_BYTES, mask);
    }

    private void hash(byte[] message, int at, int associatedBytes, int textBytes) {
        hash.reset();
        hash.update(message, at, associatedBytes);
        hash.update(message, at + associatedBytes, textBytes);
        LONGS.set(lengths, 0, (long) associatedBytes * Byte.SIZE);
        LONGS.set(lengths, Long.BYTES, (long) textBytes * Byte.SIZE);
        hash.update(lengths, 0, BLOCK_BYTES);
    }

    private long tagHigh() {
        return hash.high() ^ (long) LONGS.get(mask, 0);
    }

    private long tagLow() {
        return hash.low() ^ (long) LONGS.get(mask, Long.BYTES);
    }

    /** Hands out its array instead of a copy. */
    private static final class ReusedIv extends IvParameterSpec {

        private final byte[] bytes;

        ReusedIv(byte[] bytes) {
            super(bytes);
            this.bytes = bytes;
        }

        @Override
        public byte[] getIV() {
            return bytes;
        }
    }

    /** Hands out one array again and again; the cipher may wipe it after each use. */
    private static final class ReusedKey implements javax.crypto.SecretKey {

        private static final long serialVersionUID = 1L;

        private final transient SecretKey key;
        private final transient byte[] copy = new byte[SecretKey.BYTES];

        ReusedKey(SecretKey key) {
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
            key.copyTo(copy);
            return copy;
        }

        @Override
        public void destroy() {
            key.erase();
            Arrays.fill(copy, (byte) 0);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.crypto.BadPaddingException;
import org.conscrypt.Conscrypt;

/**
 * AES-256-GCM (NIST SP 800-38D) of BoringSSL, which Conscrypt brings along, for long texts outside the heap; short ones and
 * arrays are left to another implementation with the same key.
 *
 * <p>BoringSSL runs through cipher and hash in one pass and with wider instructions than the JDK, but sets up the key for
 * every message. Conscrypt's public calls make 216 bytes of garbage at every nonce, the native ones behind them none.
 */
final class BoringGcmAead implements Aead {

    /** Here setting up the key is paid for. */
    private static final int DIRECT_FROM_BYTES = 4_096;

    private final Aead other;
    private final byte[] key;
    private boolean isClosed;

    private BoringGcmAead(Aead other, SecretKey key) {
        this.other = other;
        this.key = key.copyBytes();
    }

    /**
     * Makes ciphers.
     *
     * @param other for what is short or in arrays
     * @return fails with {@code UnsupportedOperationException} if Conscrypt is not there or not open to us, with {@code
     *     LinkageError} if it does not work here
     */
    static Aead.Factory over(Aead.Factory other) {
        return new Factory() {
            @Override
            public Aead create(SecretKey key) {
                requireConscrypt();
                return new BoringGcmAead(other.create(key), key);
            }

            @Override
            public int directFromBytes() {
                return DIRECT_FROM_BYTES;
            }
        };
    }

    private static void requireConscrypt() {
        try {
            Conscrypt.checkAvailability();
        } catch (NoClassDefFoundError absent) {
            throw new UnsupportedOperationException("needs org.conscrypt:conscrypt-openjdk-uber", absent);
        }
        Module ours = BoringGcmAead.class.getModule();
        Class<?> conscrypt = Conscrypt.class;
        if (!conscrypt.getModule().isOpen(conscrypt.getPackageName(), ours)) {
            throw new UnsupportedOperationException("needs --add-opens "
                    + conscrypt.getModule().getName() + "/" + conscrypt.getPackageName() + "=" + ours.getName());
        }
    }

    @Override
    public void seal(
            byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
        other.seal(nonce, plaintext, from, length, message, at, associatedBytes);
    }

    @Override
    public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
        return other.open(nonce, message, at, associatedBytes, length, plaintext);
    }

    @Override
    public void sealDirect(byte[] nonce, byte[] associated, ByteBuffer plaintext, ByteBuffer sealed) {
        requireOpen();
        try {
            int written = (int)
                    BoringSsl.SEAL.invokeExact(BoringSsl.AES, key, TAG_BYTES, sealed, nonce, plaintext, associated);
            sealed.position(sealed.position() + written);
            plaintext.position(plaintext.limit());
        } catch (Throwable e) {
            throw new IllegalStateException("BoringSSL does not seal", e);
        }
    }

    @Override
    public boolean openDirect(byte[] nonce, byte[] associated, ByteBuffer sealed, ByteBuffer plaintext) {
        requireOpen();
        try {
            int written = (int)
                    BoringSsl.OPEN.invokeExact(BoringSsl.AES, key, TAG_BYTES, plaintext, nonce, sealed, associated);
            plaintext.position(plaintext.position() + written);
            return true;
        } catch (BadPaddingException e) {
            return false;
        } catch (Throwable e) {
            throw new IllegalStateException("BoringSSL does not open", e);
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("the key has been wiped");
        }
    }

    @Override
    public void close() {
        isClosed = true;
        Arrays.fill(key, (byte) 0);
        other.close();
    }

    /** Conscrypt's native methods; constants, so that calls are compiled as if they were written here. */
    private static final class BoringSsl {

        static final MethodHandle SEAL;
        static final MethodHandle OPEN;
        static final long AES;

        static {
            MethodType call = MethodType.methodType(
                    int.class,
                    long.class,
                    byte[].class,
                    int.class,
                    ByteBuffer.class,
                    byte[].class,
                    ByteBuffer.class,
                    byte[].class);
            try {
                Class<?> natives = Class.forName(Conscrypt.class.getPackageName() + ".NativeCrypto");
                MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(natives, MethodHandles.lookup());
                SEAL = lookup.findStatic(natives, "EVP_AEAD_CTX_seal_buf", call);
                OPEN = lookup.findStatic(natives, "EVP_AEAD_CTX_open_buf", call);
                AES = (long) lookup.findStatic(natives, "EVP_aead_aes_256_gcm", MethodType.methodType(long.class))
                        .invokeExact();
            } catch (Throwable e) {
                throw new LinkageError("this Conscrypt has other native methods", e);
            }
        }
    }
}

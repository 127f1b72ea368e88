/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * ChaCha20-Poly1305 (RFC 8439) put together from Bouncy Castle's cipher and its authenticator.
 *
 * <p>Bouncy Castle's own composition takes its nonce in new objects; this one allocates nothing after construction. A
 * message is authenticated before it is decrypted.
 */
final class ChaChaPolyAead implements Aead {

    private static final int BLOCK_BYTES = 64;
    private static final int MAC_BLOCK_BYTES = 16;
    private static final byte[] ZEROS = new byte[BLOCK_BYTES];

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ChaCha20 cipher = new ChaCha20();
    private final Poly1305 mac = new Poly1305();
    private final KeyParameter macKey = new KeyParameter(new byte[SecretKey.BYTES]);
    private final byte[] block = new byte[BLOCK_BYTES];
    private final byte[] lengths = new byte[MAC_BLOCK_BYTES];
    private final byte[] tag = new byte[TAG_BYTES];
    private boolean isClosed;

    ChaChaPolyAead(SecretKey key) {
        byte[] bytes = key.copyBytes();
        KeyParameter parameter = new KeyParameter(bytes);
        cipher.init(true, new ParametersWithIV(parameter, new byte[NONCE_BYTES]));
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(parameter.getKey(), (byte) 0);
    }

    @Override
    public void seal(
            byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
        begin(nonce);
        cipher.processBytes(plaintext, from, length, message, at + associatedBytes);
        authenticate(message, at, associatedBytes, length);
        System.arraycopy(tag, 0, message, at + associatedBytes + length, TAG_BYTES);
    }

    @Override
    public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
        int textBytes = length - associatedBytes - TAG_BYTES;
        begin(nonce);
        authenticate(message, at, associatedBytes, textBytes);
        int tagAt = at + length - TAG_BYTES;
        if (!org.bouncycastle.util.Arrays.constantTimeAreEqual(TAG_BYTES, tag, 0, message, tagAt)) {
            return false;
        }
        cipher.processBytes(message, at + associatedBytes, textBytes, plaintext, 0);
        return true;
    }

    @Override
    public void close() {
        isClosed = true;
        // Cipher and authenticator hold their keys until they get others.
        cipher.init(true, new ParametersWithIV(new KeyParameter(new byte[SecretKey.BYTES]), new byte[NONCE_BYTES]));
        Arrays.fill(macKey.getKey(), (byte) 0);
        mac.init(macKey);
        Arrays.fill(block, (byte) 0);
    }

    /** The first block of the key stream is the authenticator's key; the text is encrypted with those that follow. */
    private void begin(byte[] nonce) {
        if (isClosed) {
            throw new IllegalStateException("the key has been erased");
        }
        cipher.begin(nonce);
        cipher.processBytes(ZEROS, 0, BLOCK_BYTES, block, 0);
        System.arraycopy(block, 0, macKey.getKey(), 0, SecretKey.BYTES);
        mac.init(macKey);
    }

    private void authenticate(byte[] message, int at, int associatedBytes, int textBytes) {
        updatePadded(message, at, associatedBytes);
        updatePadded(message, at + associatedBytes, textBytes);
        LONGS.set(lengths, 0, (long) associatedBytes);
        LONGS.set(lengths, Long.BYTES, (long) textBytes);
        mac.update(lengths, 0, MAC_BLOCK_BYTES);
        mac.doFinal(tag, 0);
    }

    private void updatePadded(byte[] bytes, int from, int length) {
        mac.update(bytes, from, length);
        mac.update(ZEROS, 0, -length & (MAC_BLOCK_BYTES - 1));
    }

    /** Takes a nonce without objects around it. */
    private static final class ChaCha20 extends ChaCha7539Engine {

        void begin(byte[] nonce) {
            setKey(null, nonce);
            reset();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Makes ciphers that refuse to seal with a nonce that their key has seen, whichever of them it was. One thread. */
final class NonceLedger {

    private static final int COUNTER_AT = Aead.NONCE_BYTES - Long.BYTES;

    private final Aead.Factory ciphers;
    private final Map<ByteBuffer, Long> lastOfKey = new HashMap<>();
    private long sealed;

    NonceLedger(Aead.Factory ciphers) {
        this.ciphers = ciphers;
    }

    /** Frames sealed under its eyes. */
    long sealed() {
        return sealed;
    }

    Aead cipher(SecretKey key) {
        return new Watched(ByteBuffer.wrap(key.copyBytes()), ciphers.create(key));
    }

    private final class Watched implements Aead {

        private final ByteBuffer key;
        private final Aead cipher;

        Watched(ByteBuffer key, Aead cipher) {
            this.key = key;
            this.cipher = cipher;
        }

        @Override
        public void seal(
                byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
            long number = ByteBuffer.wrap(nonce).getLong(COUNTER_AT);
            Long last = lastOfKey.put(key, number);
            if (last != null && number <= last) {
                throw new AssertionError("nonce " + number + " after " + last);
            }
            sealed++;
            cipher.seal(nonce, plaintext, from, length, message, at, associatedBytes);
        }

        @Override
        public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
            return cipher.open(nonce, message, at, associatedBytes, length, plaintext);
        }

        @Override
        public void close() {
            cipher.close();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.nio.ByteBuffer;

/**
 * An authenticated cipher with one key. One thread at a time.
 *
 * <p>A sealed message lies in one array: associated data in the clear, then the ciphertext, then the tag.
 */
interface Aead {

    int NONCE_BYTES = 12;
    int TAG_BYTES = 16;

    /**
     * Encrypts and authenticates; ciphertext and tag go to the array right behind the associated data.
     *
     * @param nonce never used before with this key
     * @param plaintext may be the same array, with the text where its ciphertext goes
     * @param at where the associated data begins in {@code message}
     * @param associatedBytes how long it is
     */
    void seal(byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes);

    /**
     * Checks and decrypts.
     *
     * @param at where the associated data begins in {@code message}
     * @param length of associated data, ciphertext and tag together
     * @param plaintext another array, exactly as long as the text; holds nothing of it unless it was authentic
     * @return whether the message is authentic
     */
    boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext);

    /**
     * Encrypts and authenticates outside the heap.
     *
     * @param associated read before all else, not written
     * @param plaintext direct; from position to limit, consumed
     * @param sealed direct; takes ciphertext and tag at its position, which moves behind them
     */
    default void sealDirect(byte[] nonce, byte[] associated, ByteBuffer plaintext, ByteBuffer sealed) {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks and decrypts outside the heap.
     *
     * @param sealed direct; ciphertext and tag from position to limit
     * @param plaintext direct; takes the text at its position, which moves behind it if the message is authentic
     * @return whether the message is authentic
     */
    default boolean openDirect(byte[] nonce, byte[] associated, ByteBuffer sealed, ByteBuffer plaintext) {
        throw new UnsupportedOperationException();
    }

    /** Wipes the key; the cipher is not used after. */
    void close();

    /** Makes a cipher with a key, which it copies. Any thread. */
    @FunctionalInterface
    interface Factory {
        Aead create(SecretKey key);

        /** How long a text must be for the calls outside the heap, bytes; no text is long enough for most. */
        default int directFromBytes() {
            return Integer.MAX_VALUE;
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.security.MessageDigest;
import java.util.Arrays;

/** 256 secret bits that can be erased and have no text form. One thread at a time. */
final class SecretKey {

    /** The length of every key here. */
    static final int BYTES = 32;

    private final byte[] bytes;
    private boolean erased;

    private SecretKey(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a key has " + BYTES + " bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    /** Takes the array over: the caller forgets it. */
    static SecretKey owning(byte[] bytes) {
        return new SecretKey(bytes);
    }

    /** A copy of the bits, for the caller to wipe. */
    byte[] copyBytes() {
        requireBits();
        return bytes.clone();
    }

    /** Copies the bits to the beginning of an array, for the caller to wipe. */
    void copyTo(byte[] target) {
        requireBits();
        System.arraycopy(bytes, 0, target, 0, BYTES);
    }

    SecretKey copy() {
        return new SecretKey(copyBytes());
    }

    /** Whether another key is the same; takes as long whatever the answer. */
    boolean hasBitsOf(SecretKey other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    /** Whether all bytes are the same, as those of a file that was never written. */
    boolean isUniform() {
        int differences = 0;
        for (byte b : bytes) {
            differences |= b ^ bytes[0];
        }
        return differences == 0;
    }

    /** Overwrites the bits; the key is not used after. */
    void erase() {
        erased = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "[secret]";
    }

    private void requireBits() {
        if (erased) {
            throw new IllegalStateException("the key has been erased");
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A published test vector of a suite. Any thread.
 *
 * @param sealed ciphertext and tag
 */
record KnownAnswer(String key, String nonce, String associated, String plaintext, String sealed) {

    /** Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", 2005. */
    static final KnownAnswer AES_256_GCM = new KnownAnswer(
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                    + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                    + "76fc6ece0f4e1768cddf8853bb2d551b");

    /** Whether an implementation seals to the answer, opens the answer, and refuses it when its last bit differs. */
    boolean isGivenBy(Aead.Factory factory) {
        SecretKey secret = SecretKey.owning(bytes(key));
        Aead aead = factory.create(secret);
        try {
            byte[] text = bytes(plaintext);
            byte[] answer = bytes(associated + sealed);
            byte[] message = Arrays.copyOf(bytes(associated), answer.length);
            int associatedBytes = associated.length() / 2;

            aead.seal(bytes(nonce), text, 0, text.length, message, 0, associatedBytes);
            if (!Arrays.equals(message, answer)) {
                return false;
            }
            byte[] opened = new byte[text.length];
            if (!aead.open(bytes(nonce), answer, 0, associatedBytes, answer.length, opened)
                    || !Arrays.equals(opened, text)) {
                return false;
            }
            answer[answer.length - 1] ^= 1;
            return !aead.open(bytes(nonce), answer, 0, associatedBytes, answer.length, new byte[text.length]);
        } finally {
            aead.close();
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}

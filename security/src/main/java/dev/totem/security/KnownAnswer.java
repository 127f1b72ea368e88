/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A test vector of a suite. Any thread.
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

    /** RFC 8439, section 2.8.2. */
    static final KnownAnswer CHACHA20_POLY1305 = new KnownAnswer(
            "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
            "070000004041424344454647",
            "50515253c0c1c2c3c4c5c6c7",
            "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
                    + "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
                    + "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
                    + "637265656e20776f756c642062652069742e",
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
                    + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                    + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                    + "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691");

    /** RFC 8452, appendix C.2. */
    static final KnownAnswer AES_256_GCM_SIV = new KnownAnswer(
            "0100000000000000000000000000000000000000000000000000000000000000",
            "030000000000000000000000",
            "01",
            "0200000000000000",
            "1de22967237a813291213f267e3b452f02d01ae33e4ec854");

    /**
     * Nobody has published a message of this suite: computed by another implementation of SOBER-128, which gives the
     * vector published for the cipher, and another HMAC.
     */
    static final KnownAnswer SOBER128_HMAC_SHA1 = new KnownAnswer(
            "74657374206b657920313238626974734a6566654a6566654a6566654a656665",
            "000102030405060708090a0b",
            "6173736f6369617465642064617461",
            "7768617420646f2079612077616e7420666f72206e6f7468696e673f2030313233343536373839",
            "3efdd1eeb627941bdd1a8d6557f642475b5e8a5a7642cd63c55c942899c8b76e2bc198c6d197b3"
                    + "d9fd43a234e8c9bd10b9876d89f538df");

    /** Whether an implementation seals to the answer, opens the answer, and refuses it when its last bit differs. */
    boolean isGivenBy(Aead.Factory factory) {
        SecretKey secret = SecretKey.owning(bytes(key));
        Aead aead = factory.create(secret);
        try {
            return isGivenInArrays(aead)
                    && (factory.directFromBytes() == Integer.MAX_VALUE || isGivenOutsideTheHeap(aead));
        } finally {
            aead.close();
        }
    }

    private boolean isGivenInArrays(Aead aead) {
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
    }

    private boolean isGivenOutsideTheHeap(Aead aead) {
        ByteBuffer text = direct(bytes(plaintext));
        ByteBuffer answer = direct(bytes(sealed));
        ByteBuffer message = ByteBuffer.allocateDirect(answer.capacity());
        aead.sealDirect(bytes(nonce), bytes(associated), text.duplicate(), message);
        if (!message.flip().equals(answer)) {
            return false;
        }
        ByteBuffer opened = ByteBuffer.allocateDirect(text.capacity());
        if (!aead.openDirect(bytes(nonce), bytes(associated), answer, opened)
                || !opened.flip().equals(text)) {
            return false;
        }
        int last = message.limit() - 1;
        message.put(last, (byte) (message.get(last) ^ 1));
        return !aead.openDirect(bytes(nonce), bytes(associated), message, opened.clear());
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}

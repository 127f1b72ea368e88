/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.stream.IntStream;

/** The two tables of SOBER-128, from a byte to a word. Any thread; not written after. */
final class Sober128Tables {

    /** The field of bytes in which the shift register's polynomial is: x^8 + x^6 + x^3 + x^2 + 1. */
    private static final int FIELD = 0x14D;

    /** The coefficients of the shift register's polynomial, highest first. */
    private static final int POLYNOMIAL = 0xD02B4367;

    /**
     * The S-box: the high byte is Skipjack's F table, each entry XOR its index, the others are the 8 to 24 bit S-box of
     * the Information Security Research Centre at Queensland University of Technology.
     */
    private static final String SBOX = """
            a3aa1887d65e435c0b65c042800e6ef4fc57ee204d84fed3f066c502f354e8ae
            bb2ee9d9281f38d41f829b5d735cdf3c95864249bc2e3963a1f4429ff6432c35
            f7f403253cc0dd705f973ded9902dc5eda175b42590012bfdc94d78c39aab26b
            4ac11b9a8c168146c3ea8ec5058ac28f52ed5c0f25b4101c5a2db082370929e1
            2a1843defe8299fc202fbc4b833915dd33a803fad446b2de462333424fcee7c3
            3ad607ef9e97ebab507f859be81f2e2fc55b71dad7e2269a1339c3d17ca56b36
            a6c9def2b5c9fc5f5927b3a389a56ddfc625b510560f85a7ace82e712ecb8816
            44951e2a97f5f6afdfcbc2b3ce4ff55dcb6b62142b0b83e3549ea6f59de041af
            792f1f17f73b99ee39a65ec04c7016c6857709a4d6326e01c7b280d95cfb1418
            a6aff227fd548203506b9d96a117a8c09cd5bf6edcee788861fcfe64f7a193cd
            050d0184e8ae493088014f36d6a870886bad6c2a1422c678e9204de7b7c2e759
            0200248e013b446bda0d9fc20414a8953a6cc3a156fef17086c19155cf7b8a66
            551b5e69b4a8623ea2bdfa35c4f068cc573a6acd6355e93603602db90edf13c1
            2d0bb16d6980b83cfeb237633dd8a91101b6bc13f55579d7f55c2fa819f4196e
            e7db54768d64a866c06e16adb17fc515c46feb3c8bc8a306ad6799d9571a9133
            992466dd92eb5dcdac118f509fafb226a1b9cef33ab36189347a19b162c73084
            c27ded5c6c8bc58f1cdde421ed1e47fbcdcc715eb9c0ff994b122f0fc4d25184
            af7a5e6c5bbf18bc8dd7c6e05fb7e420521f523f4ad9b8a2e9da1a6b97888c02
            19d1e3545aba7d79a2cc77538c2d965519829da1531590a719c1c1493d537f1c
            50779b69ed71f2b7463c58fa52dc4418c18c8c76c120d9f0afa80d4d3b74c473
            d09410e9290e4211c3c8082b8f6b334a3bf68ed2a843cc1b8d3c0ff320e564a0
            f8f55a4f2b40f8e7fea7f15fcf00fe218a6d37d6d0d506f1ade00973efbbde36
            84670fa8fa31ab9eaedab618c01f52f56558eb4f71b9e3434b8d77dd8cb93da6
            740fd52d425412f8c5a6336010e53ad05a700f1c8324ed0be53dc1ec1a366795
            6d549d15c5ce46d7e17abe765f48e0a0d0f07c02941249b7e49ed6ba37a47f78
            e1cfffbdb007ca84bb65f4dab59f35da33d2aa44417452acc0d674a72d61a46a
            dc63152a3e12b7aa6e615927a14fb118a151758dba81687be152f0b3764254ed
            34c772710a31acab54f94aecb9e994cd574d9e815b623730ce8a21e837917f0b
            e8a9b5d69697adf8f3d304315dcac92176b35d46aa430a36c219402222bca65e
            daec70badfaea8cc777bae8b242924d51f098a5a4b396b8155de2522435c1cb8
            aeb8fe1d9db3c6975b164f83e0c16376a319224cd0203b35433ac0fe1466a19a
            45f0b24f51fda998c0d52d71fa0896a8f9e6053fa4b0d300d499cbccb95e3d40
            """;

    private Sober128Tables() {}

    static int[] sbox() {
        return SBOX.lines()
                .flatMapToInt(line -> IntStream.range(0, line.length() / 8)
                        .map(word -> Integer.parseUnsignedInt(line, 8 * word, 8 * word + 8, 16)))
                .toArray();
    }

    /** What a byte that leaves the shift register adds to it: the byte times each coefficient. */
    static int[] multiples() {
        int[] multiples = new int[256];
        for (int b = 0; b < multiples.length; b++) {
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                multiples[b] |= product(b, (POLYNOMIAL >>> shift) & 0xFF) << shift;
            }
        }
        return multiples;
    }

    private static int product(int a, int b) {
        int product = 0;
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            if (((b >> bit) & 1) != 0) {
                product ^= a << bit;
            }
        }
        for (int bit = 2 * Byte.SIZE - 2; bit >= Byte.SIZE; bit--) {
            if (((product >> bit) & 1) != 0) {
                product ^= FIELD << (bit - Byte.SIZE);
            }
        }
        return product;
    }
}

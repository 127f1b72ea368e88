/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The AES-256 test cases with nonces of 96 bits of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)". */
class PublishedVectorsTest {

    private static final String ZERO_KEY = "00".repeat(32);
    private static final String ZERO_NONCE = "00".repeat(12);

    private static final List<KnownAnswer> AES_256_GCM = List.of(
            new KnownAnswer(ZERO_KEY, ZERO_NONCE, "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
            new KnownAnswer(
                    ZERO_KEY,
                    ZERO_NONCE,
                    "",
                    "00".repeat(16),
                    "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919"),
            new KnownAnswer(
                    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                    "cafebabefacedbaddecaf888",
                    "",
                    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                            + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
                    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
                            + "b094dac5d93471bdec1a502270e3cc6c"),
            KnownAnswer.AES_256_GCM);

    static Stream<Arguments> vectors() {
        return CipherSuite.AES_256_GCM.implementations().stream()
                .flatMap(implementation -> AES_256_GCM.stream()
                        .map(answer -> Arguments.of(implementation.name(), implementation, answer)));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("vectors")
    void sealsAndOpensAsPublished(String name, CipherSuite.Implementation implementation, KnownAnswer answer) {
        assertThat(answer.isGivenBy(implementation.factory())).isTrue();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("vectors")
    void leavesNoTextOfAMessageThatIsNotAuthentic(
            String name, CipherSuite.Implementation implementation, KnownAnswer answer) {
        Aead aead =
                implementation.factory().create(SecretKey.owning(HexFormat.of().parseHex(answer.key())));
        byte[] message = HexFormat.of().parseHex(answer.associated() + answer.sealed());
        byte[] nonce = HexFormat.of().parseHex(answer.nonce());
        byte[] text = new byte[answer.plaintext().length() / 2];
        for (int at = 0; at < message.length; at++) {
            message[at] ^= 1;
            assertThat(aead.open(nonce, message, 0, answer.associated().length() / 2, message.length, text))
                    .isFalse();
            assertThat(text).isEqualTo(new byte[text.length]);
            message[at] ^= 1;
        }
    }
}

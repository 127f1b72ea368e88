/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.security.CipherSuite.Implementation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every implementation of every suite against what was published for it. The vector of SOBER-128 alone is in
 * {@link Sober128EngineTest}.
 */
class PublishedVectorsTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final String ZERO_KEY = "00".repeat(32);
    private static final String ZERO_NONCE = "00".repeat(12);

    /** The AES-256 test cases with nonces of 96 bits of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)". */
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
        return Arrays.stream(CipherSuite.values())
                .flatMap(suite -> suite.implementations().stream()
                        .flatMap(implementation -> answers(suite).stream()
                                .map(answer -> Arguments.of(implementation.name(), implementation, answer))));
    }

    private static List<KnownAnswer> answers(CipherSuite suite) {
        return suite == CipherSuite.AES_256_GCM ? AES_256_GCM : List.of(suite.knownAnswer());
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("vectors")
    void sealsAndOpensAsPublished(String name, Implementation implementation, KnownAnswer answer) {
        assertThat(answer.isGivenBy(implementation.factory())).isTrue();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("vectors")
    void leavesNoTextOfAMessageThatIsNotAuthentic(String name, Implementation implementation, KnownAnswer answer) {
        Aead aead = implementation.factory().create(SecretKey.owning(HEX.parseHex(answer.key())));
        byte[] message = HEX.parseHex(answer.associated() + answer.sealed());
        byte[] nonce = HEX.parseHex(answer.nonce());
        byte[] text = new byte[answer.plaintext().length() / 2];
        for (int at = 0; at < message.length; at++) {
            message[at] ^= 1;
            assertThat(aead.open(nonce, message, 0, answer.associated().length() / 2, message.length, text))
                    .isFalse();
            assertThat(text).isEqualTo(new byte[text.length]);
            message[at] ^= 1;
        }
    }

    /** RFC 2202, section 3: repeated bytes as N*XX, others as text or 0x. */
    @ParameterizedTest
    @CsvSource({
        "20*0b, Hi There, b617318655057264e28bc0b6fb378c8ef146be00",
        "Jefe, what do ya want for nothing?, effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "20*aa, 50*dd, 125d7342b9ac11cd91a39af48aa17b4f63f175d3",
        "0x0102030405060708090a0b0c0d0e0f10111213141516171819, 50*cd, 4c9007f4026250c6bc8414f9bf50c86c2d7235da",
        "20*0c, Test With Truncation, 4c1a03424b55e07fe7f27be1d58bb9324a9a5a04",
        "80*aa, Test Using Larger Than Block-Size Key - Hash Key First, aa4ae5e15272d00e95705637ce8a3b55ed402112",
        "80*aa, Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data,"
                + " e8e99d0f45237d786d6bbaa7965c7808bbff1a91"
    })
    void authenticatesWithHmacSha1AsPublished(String key, String text, String tag) {
        HMac mac = new HMac(new SHA1Digest());
        mac.init(new KeyParameter(bytes(key)));
        byte[] data = bytes(text);
        byte[] computed = new byte[mac.getMacSize()];

        mac.update(data, 0, data.length);
        mac.doFinal(computed, 0);

        assertThat(HEX.formatHex(computed)).isEqualTo(tag);
    }

    private static byte[] bytes(String text) {
        if (text.startsWith("0x")) {
            return HEX.parseHex(text, 2, text.length());
        }
        if (text.matches("\\d+\\*\\w\\w")) {
            String[] parts = text.split("\\*", 2);
            return HEX.parseHex(parts[1].repeat(Integer.parseInt(parts[0])));
        }
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

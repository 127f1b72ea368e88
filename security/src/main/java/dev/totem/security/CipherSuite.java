/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.SuiteName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The suites that seal: all but {@code none}, which is of core. Any thread. */
enum CipherSuite {
    AES_256_GCM(SuiteName.AES_256_GCM),
    CHACHA20_POLY1305(SuiteName.CHACHA20_POLY1305),
    AES_256_GCM_SIV(SuiteName.AES_256_GCM_SIV),
    SOBER128_HMAC_SHA1(SuiteName.SOBER128_HMAC_SHA1);

    /** The first JDK whose ChaCha20 uses vector instructions; before it, it is no faster than Bouncy Castle's. */
    private static final int JDK_WITH_FAST_CHACHA20 = 20;

    private final SuiteName name;

    CipherSuite(SuiteName name) {
        this.name = name;
    }

    /** The names of all. */
    static List<String> names() {
        return Arrays.stream(values()).map(CipherSuite::text).toList();
    }

    static CipherSuite of(String name) {
        return Arrays.stream(values())
                .filter(suite -> suite.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "suite", name, "with a key file, a suite is one of " + String.join(", ", names())));
    }

    /** The name on the command line. */
    String text() {
        return name.text();
    }

    /** The number in the header. */
    int id() {
        return name.number();
    }

    /** Why nobody should choose this suite for something new. */
    Optional<String> weakness() {
        return switch (this) {
            case AES_256_GCM, CHACHA20_POLY1305, AES_256_GCM_SIV -> Optional.empty();
            case SOBER128_HMAC_SHA1 ->
                Optional.of("a cipher that nobody studies any more, with an outdated hash; aes-256-gcm is better");
        };
    }

    /** Who can do it, the best first. */
    List<Implementation> implementations() {
        return switch (this) {
            case AES_256_GCM ->
                List.of(
                        new Implementation(
                                "AES-CTR and GHASH of the JDK, for long frames BoringSSL",
                                BoringGcmAead.over(CtrGcmAead::new)),
                        new Implementation("AES-CTR and GHASH of the JDK", CtrGcmAead::new),
                        new Implementation(
                                "AES-GCM of the JDK, for long frames BoringSSL", BoringGcmAead.over(JceAead::new)),
                        new Implementation("AES-GCM of the JDK", JceAead::new),
                        new Implementation("AES-GCM of Bouncy Castle", BouncyCastleAead::new));
            case CHACHA20_POLY1305 -> {
                Implementation bouncyCastle =
                        new Implementation("ChaCha20 and Poly1305 of Bouncy Castle", ChaChaPolyAead::new);
                Implementation jdk = new Implementation("ChaCha20-Poly1305 of the JDK", JceAead::chaCha20Poly1305);
                yield Runtime.version().feature() < JDK_WITH_FAST_CHACHA20
                        ? List.of(bouncyCastle)
                        : List.of(jdk, bouncyCastle);
            }
            case AES_256_GCM_SIV -> List.of(new Implementation("AES-GCM-SIV of Bouncy Castle", GcmSivAead::new));
            case SOBER128_HMAC_SHA1 ->
                List.of(new Implementation("SOBER-128 and HMAC-SHA1 of Bouncy Castle", SoberHmacAead::new));
        };
    }

    /** A known message and what it must become. */
    KnownAnswer knownAnswer() {
        return switch (this) {
            case AES_256_GCM -> KnownAnswer.AES_256_GCM;
            case CHACHA20_POLY1305 -> KnownAnswer.CHACHA20_POLY1305;
            case AES_256_GCM_SIV -> KnownAnswer.AES_256_GCM_SIV;
            case SOBER128_HMAC_SHA1 -> KnownAnswer.SOBER128_HMAC_SHA1;
        };
    }

    /**
     * Somebody's code for a suite.
     *
     * @param name for the log
     */
    record Implementation(String name, Aead.Factory factory) {}
}

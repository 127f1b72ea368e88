/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The suites that seal, by name and by their number in the header; 0 is the suite {@code none} of core. Any thread. */
enum CipherSuite {
    AES_256_GCM("aes-256-gcm", 1);

    private final String text;
    private final int id;

    CipherSuite(String text, int id) {
        this.text = text;
        this.id = id;
    }

    static CipherSuite of(String name) {
        return Arrays.stream(values())
                .filter(suite -> suite.text.equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "suite",
                        name,
                        "with a key file, a suite is one of "
                                + Arrays.stream(values())
                                        .map(suite -> suite.text)
                                        .collect(Collectors.joining(", "))));
    }

    /** The name on the command line. */
    String text() {
        return text;
    }

    /** The number in the header. */
    int id() {
        return id;
    }

    /** Who can do it, the fastest first. */
    List<Implementation> implementations() {
        return switch (this) {
            case AES_256_GCM ->
                List.of(
                        new Implementation("the JDK", JceAead::new),
                        new Implementation("Bouncy Castle", BouncyCastleAead::new));
        };
    }

    /** A published message and what it must become. */
    KnownAnswer knownAnswer() {
        return switch (this) {
            case AES_256_GCM -> KnownAnswer.AES_256_GCM;
        };
    }

    /**
     * Somebody's code for a suite.
     *
     * @param name for the log
     */
    record Implementation(String name, Aead.Factory factory) {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import java.util.Arrays;

/** The cipher suites that a header can name, whoever implements them. Any thread. */
public enum SuiteName {
    NONE(0, "none"),
    AES_256_GCM(1, "aes-256-gcm"),
    CHACHA20_POLY1305(2, "chacha20-poly1305"),
    SOBER128_HMAC_SHA1(3, "sober128-hmac-sha1"),
    AES_256_GCM_SIV(4, "aes-256-gcm-siv");

    private final int number;
    private final String text;

    SuiteName(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** The number in the header. */
    public int number() {
        return number;
    }

    /** The name on the command line. */
    public String text() {
        return text;
    }

    /** For people: the name that belongs to a number, or the number if it has none. */
    public static String describe(int number) {
        return Arrays.stream(values())
                .filter(suite -> suite.number == number)
                .map(SuiteName::text)
                .findFirst()
                .orElse("number " + number);
    }
}

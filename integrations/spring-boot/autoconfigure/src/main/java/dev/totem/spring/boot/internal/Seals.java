/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PlainSeal;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeySource;
import dev.totem.spring.boot.TotemProperties;
import java.nio.file.Path;

/** The seal that the properties describe. Any thread. */
public final class Seals {

    private static final String NONE = "none";

    private Seals() {}

    /**
     * Reads the keys; blocks.
     *
     * @throws ConfigurationException if there are none, two sources of them, or they cannot be used
     */
    public static DatagramSeal of(TotemProperties properties) {
        Path file = properties.keyFile();
        String variable = properties.keyVariable();
        if (properties.suite().equals(NONE)) {
            return PlainSeal.create();
        }
        if (file != null && variable != null) {
            throw new ConfigurationException(
                    "totem.key-file", file.toString(), "and totem.key-variable are two sources of keys: give one");
        }
        if (file != null) {
            return AeadSeal.from(
                    properties.keyFileGroup() ? KeySource.groupReadableFile(file) : KeySource.file(file),
                    properties.suite());
        }
        if (variable != null) {
            return AeadSeal.from(KeySource.environment(variable), properties.suite());
        }
        throw new ConfigurationException(
                "totem.key-file",
                "not set",
                "datagrams are sealed with keys: totem.key-file (made by totem keygen FILE) or totem.key-variable;"
                        + " totem.suite=none does without, where nobody else can reach the network");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * The PEM files that a side of a TLS connection has. Immutable, any thread.
 *
 * @param trusted certificates of those who sign for the other side; without, a client trusts whom the JVM trusts, and an
 *     executive no certificate
 * @param certificates the own certificate, first, and those that it is signed by
 * @param key the private key to it, PKCS#8 without a password, which only its owner may read
 */
public record TlsFiles(Optional<Path> trusted, Optional<Path> certificates, Optional<Path> key) {

    public TlsFiles {
        requireNonNull(trusted, "trusted");
        requireNonNull(certificates, "certificates");
        requireNonNull(key, "key");
    }

    /** No files. */
    public static TlsFiles none() {
        return new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** These with other trusted certificates. */
    public TlsFiles trusting(Path pem) {
        return new TlsFiles(Optional.of(pem), certificates, key);
    }

    /** These with another certificate and key of one's own. */
    public TlsFiles identity(Path pem, Path keyPem) {
        return new TlsFiles(trusted, Optional.of(pem), Optional.of(keyPem));
    }

    /**
     * Looks at the files. Blocks.
     *
     * @throws ConfigurationException if one cannot be read, or the key can be read by others than its owner
     */
    public void check() {
        trusted.ifPresent(file -> readable("tls-ca", file));
        certificates.ifPresent(file -> readable("tls-cert", file));
        key.ifPresent(file -> {
            readable("tls-key", file);
            ownersOnly("tls-key", file);
        });
    }

    private static void readable(String setting, Path file) {
        if (!Files.isReadable(file)) {
            throw new ConfigurationException(setting, file.toString(), "cannot be read: name a PEM file");
        }
    }

    /**
     * Refuses a file of secrets that is not its owner's alone. Blocks.
     *
     * @throws ConfigurationException if others may read or change it
     */
    public static void ownersOnly(String setting, Path file) {
        try {
            Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
            if (modes.stream().anyMatch(mode -> !mode.name().startsWith("OWNER_"))) {
                throw new ConfigurationException(
                        setting, file.toString(), "others than its owner may use it: chmod 600 " + file);
            }
        } catch (UnsupportedOperationException noModes) {
            return;
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    setting, file.toString(), "cannot be looked at: " + unreadable.getMessage(), unreadable);
        }
    }
}

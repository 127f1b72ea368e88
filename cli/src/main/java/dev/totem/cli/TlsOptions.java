/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.client.TlsFiles;
import dev.totem.core.ConfigurationException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of both sides of a {@code tls:} address. Main thread only. */
final class TlsOptions {

    @Option(names = "--tls-cert", paramLabel = "PEM", description = "for tls: the own certificate")
    @Nullable
    Path certificates;

    @Option(names = "--tls-key", paramLabel = "PEM", description = "for tls: the key to it, PKCS#8, mode 0600")
    @Nullable
    Path key;

    @Option(
            names = "--tls-ca",
            paramLabel = "PEM",
            description = "for tls: certificates of those who sign for the other side")
    @Nullable
    Path trusted;

    TlsFiles files() {
        TlsFiles files = TlsFiles.none();
        if (trusted != null) {
            files = files.trusting(trusted);
        }
        if (certificates != null && key != null) {
            return files.identity(certificates, key);
        }
        if (certificates != null || key != null) {
            throw new ConfigurationException(
                    certificates == null ? "tls-cert" : "tls-key", "none", "a certificate and its key go together");
        }
        return files;
    }
}

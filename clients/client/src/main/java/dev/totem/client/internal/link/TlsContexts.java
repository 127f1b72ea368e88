/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.link;

import dev.totem.client.TlsFiles;
import dev.totem.core.ConfigurationException;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** TLS 1.3, and nothing older. Any thread; reads files. */
public final class TlsContexts {

    private static final String VERSION = "TLSv1.3";

    private TlsContexts() {}

    /** For a client, which verifies that the certificate is for the host it asked for. */
    public static SslContext client(TlsFiles files) {
        files.check();
        SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
        files.certificates()
                .ifPresent(chain -> builder.keyManager(
                        chain.toFile(), files.key().orElseThrow().toFile()));
        return build(builder, files);
    }

    /**
     * For an executive.
     *
     * @param acceptsTokens whether a client without a certificate may prove itself otherwise
     */
    public static SslContext server(TlsFiles files, boolean acceptsTokens) {
        files.check();
        Path chain = files.certificates()
                .orElseThrow(() -> new ConfigurationException(
                        "tls-cert", "none", "an executive with TLS needs a certificate and its key"));
        SslContextBuilder builder;
        try {
            builder = SslContextBuilder.forServer(
                    chain.toFile(), files.key().orElseThrow().toFile());
        } catch (IllegalArgumentException wrong) {
            throw unusable(files, wrong);
        }
        ClientAuth auth =
                files.trusted().isEmpty() ? ClientAuth.NONE : acceptsTokens ? ClientAuth.OPTIONAL : ClientAuth.REQUIRE;
        return build(builder.clientAuth(auth), files);
    }

    private static SslContext build(SslContextBuilder builder, TlsFiles files) {
        try {
            files.trusted().ifPresent(pem -> builder.trustManager(pem.toFile()));
            return builder.sslProvider(SslProvider.JDK).protocols(VERSION).build();
        } catch (SSLException | IllegalArgumentException wrong) {
            throw unusable(files, wrong);
        }
    }

    private static ConfigurationException unusable(TlsFiles files, Exception why) {
        return new ConfigurationException("tls", files.toString(), "unusable: " + why.getMessage(), why);
    }
}

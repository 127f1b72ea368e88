/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import java.nio.file.Path;

/** Where an executive listens. Immutable, any thread. */
public sealed interface ExecutiveAddress {

    /**
     * A Unix domain socket, for processes of the same user on the same host.
     *
     * @param path of the socket, at most 100 bytes long
     */
    record Unix(Path path) implements ExecutiveAddress {

        /** What systems take; Linux has 107. */
        private static final int PATH_BYTES_MAX = 100;

        public Unix {
            requireNonNull(path, "path");
            int bytes = path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            if (bytes < 1 || bytes > PATH_BYTES_MAX) {
                throw new ConfigurationException(
                        "unix", path.toString(), "the path of a socket has 1 to " + PATH_BYTES_MAX + " bytes");
            }
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * TCP with TLS 1.3.
     *
     * @param host a name or an address; the certificate of the executive must be for it
     * @param port 1 to 65535; to listen, 0 takes a free one
     */
    record Tls(String host, int port) implements ExecutiveAddress {

        public Tls {
            requireNonNull(host, "host");
            if (host.isEmpty()) {
                throw new ConfigurationException("tls", host + ":" + port, "give HOST:PORT");
            }
            if (port < 0 || port > 65_535) {
                throw new ConfigurationException("tls", host + ":" + port, "a port is from 0 to 65535");
            }
        }

        @Override
        public String toString() {
            return "tls:" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    static ExecutiveAddress unix(Path path) {
        return new Unix(path);
    }

    static ExecutiveAddress tls(String host, int port) {
        return new Tls(host, port);
    }

    /**
     * The address that a text names: {@code unix:PATH} or {@code tls:HOST:PORT}, an IPv6 address in brackets.
     *
     * @throws ConfigurationException if it names none
     */
    static ExecutiveAddress parse(String text) {
        requireNonNull(text, "text");
        if (text.startsWith("unix:") && text.length() > 5) {
            return unix(Path.of(text.substring(5)));
        }
        int colon = text.lastIndexOf(':');
        if (text.startsWith("tls:") && colon > 4) {
            String host = text.substring(4, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            try {
                return tls(host, Integer.parseInt(text.substring(colon + 1)));
            } catch (NumberFormatException noNumber) {
                throw new ConfigurationException("attach", text, "the port is not a number: tls:HOST:PORT", noNumber);
            }
        }
        throw new ConfigurationException("attach", text, "an executive is at unix:PATH or at tls:HOST:PORT");
    }
}

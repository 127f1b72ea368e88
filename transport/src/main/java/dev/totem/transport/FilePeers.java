/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.PeerDiscovery;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * Nodes may be where a file says. Any thread.
 *
 * <p>The file is read at once and every second: UTF-8, one {@code HOST:PORT} a line, an IPv6 address in brackets; empty
 * lines and what follows a {@code #} mean nothing. To change it, write another file and rename it over this one. As long as
 * it cannot be read, or has a line that makes no sense, the addresses read last stay in use and the log says why, once. Names
 * are looked up as by {@link StaticPeers}.
 */
public final class FilePeers implements PeerDiscovery {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.transport.discovery");

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Several thousand lines. */
    private static final long FILE_BYTES_MAX = 1 << 18;

    private final Path file;

    private FilePeers(Path file) {
        this.file = file;
    }

    /** Looks in this file, which need not exist yet. */
    public static FilePeers of(Path file) {
        requireNonNull(file, "file");
        return new FilePeers(file);
    }

    @Override
    public Flux<Set<InetSocketAddress>> candidates() {
        return Flux.defer(() -> {
            Reading reading = new Reading();
            return NamedPeers.repeat("totem-file-peers", PAUSE, reading::read);
        });
    }

    @Override
    public String toString() {
        return "file:" + file;
    }

    private final class Reading {

        private final NamedPeers names = new NamedPeers();
        private List<Endpoint> last = List.of();
        private String trouble = "";

        Set<InetSocketAddress> read() {
            try {
                last = parse();
                if (!trouble.isEmpty()) {
                    LOG.info("{}: is in use now", file);
                }
                trouble = "";
            } catch (IOException | ConfigurationException notNow) {
                String why = String.valueOf(notNow instanceof IOException ? notNow : notNow.getMessage());
                if (!trouble.equals(why)) {
                    LOG.warn("{}: what was read last stays in use, until this is repaired: {}", file, why);
                }
                trouble = why;
            }
            return names.resolve(last);
        }

        private List<Endpoint> parse() throws IOException {
            long bytes = Files.size(file);
            if (bytes > FILE_BYTES_MAX) {
                throw new IOException(bytes + " bytes are more than " + FILE_BYTES_MAX);
            }
            List<Endpoint> endpoints = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                int comment = line.indexOf('#');
                String text = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!text.isEmpty()) {
                    endpoints.add(NamedPeers.parse("discover", text));
                }
            }
            return endpoints;
        }
    }
}

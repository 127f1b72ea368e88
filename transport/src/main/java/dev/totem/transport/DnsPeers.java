/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.PeerDiscovery;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * Nodes may be where a name of the DNS leads, for example that of a headless service of Kubernetes. Any thread.
 *
 * <p>The name servers of the host are asked at once, and again when the answer's time to live is over, within 1 to 60 s. As
 * long as they do not answer, or know nothing of the name, the addresses found last stay in use, they are asked every
 * second, and the log says so once. Nothing blocks; the caches of the JVM play no part.
 */
public final class DnsPeers implements PeerDiscovery {

    private final String name;

    /** 0: the records tell. */
    private final int port;

    private final Optional<InetSocketAddress> server;

    private DnsPeers(String name, int port, Optional<InetSocketAddress> server) {
        this.name = name;
        this.port = port;
        this.server = server;
    }

    /**
     * Looks at all addresses of a name (A and AAAA records).
     *
     * @param name completed by the host's search domains, as in {@code /etc/resolv.conf}
     * @param port of all nodes, 1 to 65,535
     * @throws ConfigurationException if the port is not in that range or the name is empty
     */
    public static DnsPeers of(String name, int port) {
        requireName("name", name);
        if (port < 1 || port > 65_535) {
            throw new ConfigurationException("discover", "dns:" + name + ":" + port, "a port is from 1 to 65535");
        }
        return new DnsPeers(name, port, Optional.empty());
    }

    /**
     * Looks at all services of a name (SRV records), which say ports too.
     *
     * @param service complete, for example {@code _totem._udp.ring.default.svc.cluster.local}
     * @throws ConfigurationException if the name is empty
     */
    public static DnsPeers srv(String service) {
        requireName("service", service);
        return new DnsPeers(service, 0, Optional.empty());
    }

    /** The same, asking this name server instead of those of the host. */
    public DnsPeers askedAt(InetSocketAddress nameServer) {
        requireNonNull(nameServer, "nameServer");
        return new DnsPeers(name, port, Optional.of(nameServer));
    }

    private static void requireName(String parameter, String name) {
        requireNonNull(name, parameter);
        if (name.isEmpty()) {
            throw new ConfigurationException("discover", "dns:", "say a name: dns:NAME:PORT, or dns:SERVICE for SRV");
        }
    }

    @Override
    public Flux<Set<InetSocketAddress>> candidates() {
        return DnsSearch.of(name, port, server);
    }

    @Override
    public String toString() {
        return "dns:" + name + (port == 0 ? "" : ":" + port);
    }
}

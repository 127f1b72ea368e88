/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.PeerDiscovery;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;

/**
 * Nodes may be at addresses that are known beforehand. Any thread.
 *
 * <p>Hosts may be names. They are looked up at once and every five seconds, each for all its addresses; one that does not
 * resolve yet is logged once and left out. The JVM remembers addresses for a while ({@code networkaddress.cache.ttl}).
 */
public final class StaticPeers implements PeerDiscovery {

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final List<Endpoint> endpoints;

    private StaticPeers(List<Endpoint> endpoints) {
        this.endpoints = endpoints;
    }

    /**
     * Looks there.
     *
     * @param addresses each {@code HOST:PORT}, an IPv6 address in brackets; at least one
     * @throws ConfigurationException if there is none, or one that is nothing like that
     */
    public static StaticPeers of(String... addresses) {
        if (requireNonNull(addresses, "addresses").length == 0) {
            throw new ConfigurationException("discover", "static:", "name at least one HOST:PORT");
        }
        return new StaticPeers(Arrays.stream(addresses)
                .map(text -> NamedPeers.parse("discover", text))
                .toList());
    }

    @Override
    public Flux<Set<InetSocketAddress>> candidates() {
        return Flux.defer(() -> {
            NamedPeers names = new NamedPeers();
            return NamedPeers.repeat("totem-static-peers", PAUSE, () -> names.resolve(endpoints));
        });
    }

    @Override
    public String toString() {
        return "static:" + endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(","));
    }
}

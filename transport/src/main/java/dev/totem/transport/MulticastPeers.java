/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.PeerDiscovery;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Multicast to find each other, unicast to talk: nodes say twice a second in a group where they are. Any thread.
 *
 * <p>What is said is not authentic, and need not be: it leads to datagrams that are. It does not leave the local network
 * (time to live 1). A node that has said nothing for a minute is left out.
 */
public final class MulticastPeers implements PeerDiscovery {

    private final Endpoint group;
    private final @Nullable InetSocketAddress self;

    private MulticastPeers(Endpoint group, @Nullable InetSocketAddress self) {
        this.group = group;
        this.self = self;
    }

    /**
     * Meets in this group.
     *
     * @param group an IPv4 or IPv6 multicast address
     * @param port 1 to 65,535, the same for all; another one than nodes are bound to
     * @throws ConfigurationException if the port is not in that range
     */
    public static MulticastPeers of(String group, int port) {
        requireNonNull(group, "group");
        Endpoint endpoint = new Endpoint("discover", group, port);
        if (port == 0) {
            throw endpoint.refused("all nodes of a group share its port: name one from 1 to 65535");
        }
        return new MulticastPeers(endpoint, null);
    }

    @Override
    public PeerDiscovery announcing(InetSocketAddress address) {
        return new MulticastPeers(group, requireNonNull(address, "address"));
    }

    @Override
    public Flux<Set<InetSocketAddress>> candidates() {
        return Flux.defer(() -> new Beacons(group, self).run());
    }

    @Override
    public String toString() {
        return "mcast:" + group;
    }
}

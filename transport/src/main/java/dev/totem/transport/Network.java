/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.PeerDiscovery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a node is on one network, and how it reaches the others there. A node has one ({@link UdpTotem#bind} and what follows
 * it), or up to four that stand in for each other ({@link UdpTotem#redundant}). Immutable, any thread.
 */
public final class Network {

    final @Nullable Endpoint bind;
    final @Nullable Endpoint group;
    final @Nullable List<Peer> peers;
    final List<PeerDiscovery> discoveries;
    final @Nullable Endpoint advertised;

    private Network(
            @Nullable Endpoint bind,
            @Nullable Endpoint group,
            @Nullable List<Peer> peers,
            List<PeerDiscovery> discoveries,
            @Nullable Endpoint advertised) {
        this.bind = bind;
        this.group = group;
        this.peers = peers;
        this.discoveries = discoveries;
        this.advertised = advertised;
    }

    /** Nothing said yet. */
    static Network unknown() {
        return new Network(null, null, null, List.of(), null);
    }

    /**
     * A network where this is the local address.
     *
     * @param host as for {@link UdpTotem#bind}
     * @param port as for {@link UdpTotem#bind}
     * @throws ConfigurationException if the port is not from 0 to 65,535
     */
    public static Network bound(String host, int port) {
        return unknown().bind(host, port);
    }

    Network bind(String host, int port) {
        requireNonNull(host, "host");
        return new Network(new Endpoint("bind", host, port), group, peers, discoveries, advertised);
    }

    /** As {@link UdpTotem#multicast}, on this network. */
    public Network multicast(String group, int port) {
        requireNonNull(group, "group");
        return new Network(bind, new Endpoint("mcast", group, port), null, List.of(), advertised);
    }

    /** As {@link UdpTotem#peers}, with their addresses on this network. */
    public Network peers(Peer... peers) {
        requireNonNull(peers, "peers");
        for (Peer peer : peers) {
            requireNonNull(peer, "peers");
        }
        return new Network(bind, null, List.of(peers), List.of(), advertised);
    }

    /** As {@link UdpTotem#discover}, on this network. */
    public Network discover(PeerDiscovery... discoveries) {
        requireNonNull(discoveries, "discoveries");
        for (PeerDiscovery discovery : discoveries) {
            requireNonNull(discovery, "discoveries");
        }
        if (discoveries.length == 0) {
            throw new ConfigurationException(
                    "discover", "none", "say where others may be found, for example by DnsPeers");
        }
        return new Network(bind, null, null, List.of(discoveries), advertised);
    }

    /** As {@link UdpTotem#advertise}, on this network. */
    public Network advertise(String host, int port) {
        requireNonNull(host, "host");
        Endpoint endpoint = new Endpoint("advertise", host, port);
        if (port == 0) {
            throw endpoint.refused("others must know the port: name one from 1 to 65535");
        }
        return new Network(bind, group, peers, discoveries, endpoint);
    }
}

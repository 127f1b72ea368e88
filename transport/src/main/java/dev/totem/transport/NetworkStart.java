/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramLink;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One network of a node that starts: checks it, and opens its link. One thread. */
final class NetworkStart {

    /** Room for bursts to so many nodes is left in the queue when nobody knows how many will be found. */
    private static final int COPIES_FOUND = 16;

    private final Network network;
    private final LocalAddress local;
    private final @Nullable InetSocketAddress advertised;
    private @Nullable PeerList peers;

    /** Looks names up, which blocks. */
    NetworkStart(Network network, Carrier carrier) {
        this.network = network;
        Endpoint bind = network.bind;
        if (bind == null) {
            throw new ConfigurationException("bind", "missing", "name an address of this host with bind(host, port)");
        }
        if (network.group == null && network.peers == null && network.discoveries.isEmpty()) {
            throw new ConfigurationException(
                    "mcast",
                    "missing",
                    "say how the others are reached: " + (carrier == Carrier.UDP ? "multicast(group, port), " : "")
                            + "peers(…) or discover(…)");
        }
        if (network.group != null && carrier != Carrier.UDP) {
            throw network.group.refused("TCP has no groups: use peers(…) or discover(…)");
        }
        if (network.advertised != null && network.discoveries.isEmpty()) {
            throw network.advertised.refused("is told to others by discovery only: use discover(…)");
        }
        LocalAddress bound = LocalAddress.resolve(bind);
        this.local = carrier == Carrier.TCP ? bound.streaming() : bound;
        this.advertised = network.advertised == null
                ? null
                : new InetSocketAddress(network.advertised.resolve(), network.advertised.port());
    }

    LocalAddress local() {
        return local;
    }

    /** Where others reach this node. */
    InetSocketAddress reached() {
        return advertised == null ? local.address() : advertised;
    }

    /** Checks what needs the node's id. */
    void check(NodeId self) {
        if (network.group != null) {
            MulticastLink.groupAddress(network.group, local);
        }
        if (network.peers != null) {
            if (local.endpoint().port() == 0) {
                throw local.endpoint().refused("peers must know the port: name one from 1 to 65535");
            }
            peers = PeerList.resolve(self, local, network.peers);
        }
    }

    /** How often a frame for everybody is sent, as far as that is known beforehand. */
    int copies() {
        PeerList listed = peers;
        if (listed != null) {
            return Math.max(1, listed.peers().size());
        }
        return network.discoveries.isEmpty() ? 1 : COPIES_FOUND;
    }

    /** A link, and how it is opened. */
    record Opening(DatagramLink link, Mono<Void> open) {}

    Opening link(LinkPlan plan) {
        PeerList listed = peers;
        if (listed != null) {
            UnicastLink link = new UnicastLink(plan, listed);
            return new Opening(link, link.open());
        }
        Endpoint group = network.group;
        if (group != null) {
            MulticastLink link = new MulticastLink(plan, group);
            return new Opening(link, link.open());
        }
        DiscoveredLink link = new DiscoveredLink(plan, network.discoveries, advertised);
        return new Opening(link, link.open());
    }
}

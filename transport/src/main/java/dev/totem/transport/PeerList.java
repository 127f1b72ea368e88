/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The other nodes of a cluster without multicast, with their addresses. Any thread.
 *
 * @param addresses by node, without the node itself
 */
record PeerList(SortedMap<NodeId, InetSocketAddress> addresses) {

    PeerList {
        addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
    }

    /** Looks the names up, blocking, and refuses a list that cannot be meant. */
    static PeerList resolve(NodeId self, LocalAddress local, List<Peer> peers) {
        Set<NodeId> ids = new HashSet<>();
        Map<InetSocketAddress, Peer> owners = new HashMap<>();
        SortedMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();
        for (Peer peer : peers) {
            if (!ids.add(peer.id())) {
                throw refused(peer, "the id " + peer.id() + " is listed twice");
            }
            if (peer.id().equals(self)) {
                continue;
            }
            InetSocketAddress address = address(peer, local);
            Peer owner = owners.put(address, peer);
            if (owner != null) {
                throw refused(peer, "has the address of " + owner);
            }
            if (address.equals(local.address())) {
                throw refused(peer, "this is where node " + self + " itself is bound");
            }
            addresses.put(peer.id(), address);
        }
        if (ids.isEmpty()) {
            throw new ConfigurationException("peer", "none", "unicast needs the list of nodes: name at least one peer");
        }
        return new PeerList(addresses);
    }

    private static InetSocketAddress address(Peer peer, LocalAddress local) {
        InetAddress address;
        try {
            address = InetAddress.getByName(peer.host());
        } catch (UnknownHostException e) {
            throw new ConfigurationException("peer", peer.toString(), "the name does not resolve", e);
        }
        if (!local.sameFamily(address)) {
            throw refused(peer, "bind is an " + local.familyName() + " address: all peers must have one too");
        }
        if (address.isMulticastAddress() || address.isAnyLocalAddress()) {
            throw refused(peer, "name the address of one host");
        }
        return new InetSocketAddress(Endpoint.scoped(address, local.nic()), peer.port());
    }

    private static ConfigurationException refused(Peer peer, String remedy) {
        return new ConfigurationException("peer", peer.toString(), remedy);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The other nodes of a cluster without multicast, with their addresses. Any thread.
 *
 * @param peers as listed, without the node itself
 * @param addresses by node; of those that are not listed by name
 */
record PeerList(List<Peer> peers, SortedMap<NodeId, InetSocketAddress> addresses) {

    PeerList {
        peers = List.copyOf(peers);
        addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
    }

    /** Refuses a list that cannot be meant. Names are not looked up here, as that may take longer than a start should. */
    static PeerList resolve(NodeId self, LocalAddress local, List<Peer> peers) {
        Set<NodeId> ids = new HashSet<>();
        Map<InetSocketAddress, Peer> owners = new HashMap<>();
        List<Peer> others = new ArrayList<>();
        SortedMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();
        for (Peer peer : peers) {
            if (!ids.add(peer.id())) {
                throw refused(peer, "the id " + peer.id() + " is listed twice");
            }
            if (peer.id().equals(self)) {
                continue;
            }
            others.add(peer);
            if (PeerNames.isName(peer)) {
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
        return new PeerList(others, addresses);
    }

    private static InetSocketAddress address(Peer peer, LocalAddress local) {
        try {
            InetAddress address = InetAddress.getByName(peer.host());
            refusal(address, local).ifPresent(why -> {
                throw refused(peer, why);
            });
            return at(address, peer, local);
        } catch (UnknownHostException noSuchInterface) {
            throw refused(peer, "this host has no such interface");
        }
    }

    /** Why a peer cannot be at an address. */
    static Optional<String> refusal(InetAddress address, LocalAddress local) {
        if (!local.sameFamily(address)) {
            return Optional.of("bind is an " + local.familyName() + " address: all peers must have one too");
        }
        if (address.isMulticastAddress() || address.isAnyLocalAddress()) {
            return Optional.of("name the address of one host");
        }
        return Optional.empty();
    }

    /** A peer at an address. */
    static InetSocketAddress at(InetAddress address, Peer peer, LocalAddress local) {
        return new InetSocketAddress(Endpoint.scoped(address, local.nic()), peer.port());
    }

    private static ConfigurationException refused(Peer peer, String remedy) {
        return new ConfigurationException("peer", peer.toString(), remedy);
    }
}

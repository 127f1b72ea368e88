/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import dev.totem.core.PeerStatus;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.SealSession;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the link, the seal and the ring know of others, put together. Node loop only. */
record KnownPeers(NodeId self, DatagramLink link, SealSession session) {

    /** More than two and a half of the largest ring; strangers may have invented more. */
    static final int MOST = 1_024;

    private static final Comparator<PeerPlace> BY_PLACE = Comparator.comparing(PeerPlace::source)
            .thenComparing(PeerPlace::network)
            .thenComparing(place -> String.valueOf(place.address()));

    /** Members first, then other nodes, then addresses of nobody. */
    List<PeerStatus> list(Collection<NodeId> members) {
        Set<NodeId> inRing = new HashSet<>(members);
        SortedMap<NodeId, List<PeerPlace>> nodes = new TreeMap<>();
        members.forEach(member -> nodes.put(member, new ArrayList<>()));
        List<PeerPlace> strangers = new ArrayList<>();
        for (PeerPlace place : link.places()) {
            place.node()
                    .map(node -> nodes.computeIfAbsent(node, first -> new ArrayList<>()))
                    .orElse(strangers)
                    .add(place);
        }
        nodes.remove(self);
        strangers.sort(BY_PLACE);
        Stream<PeerStatus> known = nodes.entrySet().stream()
                .map(entry -> new PeerStatus(
                        Optional.of(entry.getKey()),
                        inRing.contains(entry.getKey()),
                        session.isProven(entry.getKey()),
                        entry.getValue()))
                .sorted(Comparator.comparing(peer -> !peer.isMember()));
        Stream<PeerStatus> unknown =
                strangers.stream().map(place -> new PeerStatus(Optional.empty(), false, false, List.of(place)));
        return Stream.concat(known, unknown).limit(MOST).toList();
    }
}

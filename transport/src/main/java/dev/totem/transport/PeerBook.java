/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The listed peers, where each of them is, and which of them a frame for everybody is sent to. Node loop only. */
final class PeerBook {

    private final Map<NodeId, Contact> peers = new TreeMap<>();
    private final Map<SocketAddress, NodeId> owners = new HashMap<>();
    private final Recipients recipients = new Recipients(nowNanos -> peers.values());

    PeerBook(Collection<NodeId> ids) {
        ids.forEach(id -> peers.put(id, new Contact()));
    }

    /** What may be sent to silent peers from now on; before, nothing may. */
    void budget(StrangerBudget granted, long nowNanos) {
        recipients.budget(granted, nowNanos);
    }

    boolean has(NodeId id) {
        return peers.containsKey(id);
    }

    /** Where a peer is, as a list of one; empty if its name was never resolved, or it is not listed. */
    List<InetSocketAddress> addressOf(NodeId id) {
        Contact peer = peers.get(id);
        return peer == null ? List.of() : peer.address();
    }

    /** Whose address it is. */
    Optional<NodeId> ownerOf(SocketAddress address) {
        return Optional.ofNullable(owners.get(address));
    }

    /** Notes where a peer is; the address belongs to nobody else. */
    void locate(NodeId id, InetSocketAddress address) {
        Contact peer = peers.get(id);
        if (peer == null) {
            return;
        }
        peer.address().forEach(owners::remove);
        peer.movedTo(address);
        owners.put(address, id);
        recipients.changed();
    }

    /** A peer has said something that could be read. */
    void heard(NodeId id, long nowNanos) {
        Contact peer = peers.get(id);
        if (peer != null && peer.heard(nowNanos) && !peer.isPartner()) {
            recipients.changed();
        }
    }

    /** Where this peer should be is another node: nothing is sent there for a while. */
    void isAnother(NodeId id, long nowNanos) {
        Contact peer = peers.get(id);
        if (peer != null) {
            peer.isAnother(nowNanos);
            recipients.changed();
        }
    }

    /** What is known of a listed peer. */
    PeerPlace place(Peer listed, long nowNanos) {
        Contact peer = peers.get(listed.id());
        InetSocketAddress address = addressOf(listed.id()).stream()
                .findFirst()
                .orElseGet(() -> InetSocketAddress.createUnresolved(listed.host(), listed.port()));
        return new PeerPlace(
                Optional.of(listed.id()),
                1,
                Optional.of(address),
                PeerPlace.Source.LISTED,
                peer == null ? Optional.empty() : peer.silence(nowNanos),
                Optional.empty());
    }

    void partners(Collection<NodeId> members) {
        Set<NodeId> now = Set.copyOf(members);
        peers.forEach((id, peer) -> peer.partner(now.contains(id)));
        recipients.changed();
    }

    /** Whom the next frame for everybody is sent to: the same list object as long as that does not change. */
    List<InetSocketAddress> recipients(int frameBytes, long nowNanos) {
        return recipients.of(frameBytes, nowNanos);
    }

    /** What comes next is of another flush. */
    void flushed() {
        recipients.flushed();
    }
}

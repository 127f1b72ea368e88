/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The listed peers, and which of them a frame for everybody is sent to: always those that take part in the ring and those
 * that were heard of late; the silent ones rarely, and within a budget. Node loop only.
 */
final class PeerBook {

    /** What of one flush silent peers get: a join of the largest ring, in parts. */
    private static final int TRIAL_BYTES = 8_192;

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A busy node flushes thousands of times a second. */
    private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Map<NodeId, ListedPeer> peers = new TreeMap<>();
    private final Map<SocketAddress, ListedPeer> owners = new HashMap<>();
    private StrangerBudget budget = new StrangerBudget(0, 0);
    private Set<NodeId> partners = Set.of();

    private List<InetSocketAddress> reached = List.of();
    private List<ListedPeer> silent = List.of();
    private boolean isStale = true;
    private long lookAgainNanos;

    private List<ListedPeer> trying = List.of();
    private int triedBytes;
    private boolean isFlushed = true;
    private long silentLookedAtNanos;

    PeerBook(Collection<NodeId> ids) {
        ids.forEach(id -> peers.put(id, new ListedPeer(id)));
    }

    /** What may be sent to silent peers from now on; before, nothing may. */
    void budget(StrangerBudget granted, long nowNanos) {
        budget = granted;
        silentLookedAtNanos = nowNanos - SILENT_NANOS;
    }

    boolean has(NodeId id) {
        return peers.containsKey(id);
    }

    /** Where a peer is, as a list of one; empty if its name was never resolved, or it is not listed. */
    List<InetSocketAddress> addressOf(NodeId id) {
        ListedPeer peer = peers.get(id);
        return peer == null ? List.of() : peer.address();
    }

    /** Whose address it is. */
    Optional<NodeId> ownerOf(SocketAddress address) {
        return Optional.ofNullable(owners.get(address)).map(ListedPeer::id);
    }

    /** Notes where a peer is; the address belongs to nobody else. */
    void locate(NodeId id, InetSocketAddress address) {
        ListedPeer peer = peers.get(id);
        if (peer == null) {
            return;
        }
        peer.address().forEach(owners::remove);
        peer.movedTo(address);
        owners.put(address, peer);
        isStale = true;
    }

    /** A peer has said something that could be read. */
    void heard(NodeId id, long nowNanos) {
        ListedPeer peer = peers.get(id);
        if (peer != null && peer.heard(nowNanos) && !partners.contains(id)) {
            isStale = true;
        }
    }

    /** Where this peer should be is another node: nothing is sent there for a while. */
    void isAnother(NodeId id, long nowNanos) {
        ListedPeer peer = peers.get(id);
        if (peer != null) {
            peer.isAnother(nowNanos);
            isStale = true;
        }
    }

    void partners(Collection<NodeId> members) {
        partners = Set.copyOf(members);
        isStale = true;
    }

    /** Whom the next frame for everybody is sent to: the same list object as long as that does not change. */
    List<InetSocketAddress> recipients(int frameBytes, long nowNanos) {
        if (isStale || nowNanos - lookAgainNanos >= 0) {
            look(nowNanos);
        }
        if (isFlushed) {
            isFlushed = false;
            triedBytes = 0;
            trying = silent.isEmpty() || nowNanos - silentLookedAtNanos < SILENT_NANOS ? List.of() : due(nowNanos);
        }
        return trying.isEmpty() ? reached : withSilent(frameBytes, nowNanos);
    }

    /** What comes next is of another flush. */
    void flushed() {
        isFlushed = true;
    }

    private void look(long nowNanos) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        List<ListedPeer> others = new ArrayList<>();
        for (ListedPeer peer : peers.values()) {
            if (partners.contains(peer.id()) || peer.isHeard(nowNanos)) {
                addresses.addAll(peer.address());
            } else {
                others.add(peer);
            }
        }
        reached = addresses;
        silent = others;
        isStale = false;
        lookAgainNanos = nowNanos + LOOK_AGAIN_NANOS;
    }

    /** The silent peers whose time has come, the longest untried first. */
    private List<ListedPeer> due(long nowNanos) {
        silentLookedAtNanos = nowNanos;
        List<ListedPeer> due = new ArrayList<>();
        for (ListedPeer peer : silent) {
            if (peer.isDue(nowNanos)) {
                due.add(peer);
            }
        }
        due.sort(Comparator.comparing(ListedPeer::wasTried).thenComparingLong(ListedPeer::triedNanos));
        return due;
    }

    /** Who cannot be paid for does not get the rest of the flush either. */
    private List<InetSocketAddress> withSilent(int frameBytes, long nowNanos) {
        boolean isFirst = triedBytes == 0;
        triedBytes += frameBytes;
        if (!isFirst && triedBytes > TRIAL_BYTES) {
            trying = List.of();
            return reached;
        }
        trying.removeIf(peer -> !budget.take(frameBytes, nowNanos));
        if (isFirst) {
            trying.forEach(peer -> peer.tried(nowNanos));
        }
        if (trying.isEmpty()) {
            return reached;
        }
        List<InetSocketAddress> all = new ArrayList<>(reached);
        trying.forEach(peer -> all.addAll(peer.address()));
        return all;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where nodes are reached, as a list of one so that {@link FrameBatch} recognises it. Node loop only.
 *
 * <p>An address counts only after the node has answered from it. Somebody who sends on what another has sent, or its answers
 * too, does not move a node: it stays where it is as long as it is heard from there, and when a frame comes from elsewhere it
 * is asked at both places.
 *
 * <p>Of those that take part in no ring of ours the {@value #OTHERS_MAX} heard last are kept, so that invented nodes, as many
 * as there may be, neither fill the memory nor push out a member.
 */
final class PeerAddresses {

    /** More than the largest ring twice: what forms is found among the strangers. */
    static final int OTHERS_MAX = 1_024;

    /** Least time between two questions to a node that seems to be elsewhere. */
    static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** So long a node has to answer from where it was, before an answer from elsewhere counts. */
    static final long MOVE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Map<NodeId, Place> members = new HashMap<>();

    private final Map<NodeId, Place> others = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, Place> eldest) {
            return size() > OTHERS_MAX;
        }
    };

    private Set<NodeId> partners = Set.of();

    /** Where a node is, and whether it seems to be elsewhere. */
    private static final class Place {

        private List<InetSocketAddress> address;
        private long heardNanos;

        /** Since when frames come from elsewhere and none from here. */
        private boolean isDoubted;

        private long doubtedNanos;
        private boolean isAsked;
        private long askedNanos;

        Place(InetSocketAddress address, long nowNanos) {
            this.address = List.of(address);
            this.heardNanos = nowNanos;
        }

        void heard(long nowNanos) {
            isDoubted = false;
            heardNanos = nowNanos;
        }

        void doubt(long nowNanos) {
            if (!isDoubted) {
                isDoubted = true;
                doubtedNanos = nowNanos;
            }
        }

        boolean isTimeToAsk(long nowNanos) {
            boolean isTime = !isAsked || nowNanos - askedNanos >= ASK_NANOS;
            if (isTime) {
                isAsked = true;
                askedNanos = nowNanos;
            }
            return isTime;
        }

        boolean isLeft(long nowNanos) {
            return isDoubted && nowNanos - doubtedNanos >= MOVE_NANOS;
        }
    }

    /** These take part in the ring: their addresses are kept. */
    void partners(Collection<NodeId> now) {
        partners = Set.copyOf(now);
        members.entrySet().removeIf(one -> {
            boolean hasLeft = !partners.contains(one.getKey());
            if (hasLeft) {
                others.put(one.getKey(), one.getValue());
            }
            return hasLeft;
        });
        for (NodeId partner : partners) {
            Place known = others.remove(partner);
            if (known != null) {
                members.put(partner, known);
            }
        }
    }

    /** A message came from there; called for every one. Says whether the node is to be asked for an answer. */
    boolean learn(NodeId node, InetSocketAddress source, long nowNanos) {
        Place known = find(node);
        if (known == null) {
            return true;
        }
        if (isSame(known.address.get(0), source)) {
            known.heard(nowNanos);
            return false;
        }
        known.doubt(nowNanos);
        return known.isTimeToAsk(nowNanos);
    }

    /** The node has answered from there. */
    void proven(NodeId node, InetSocketAddress source, boolean isNewLife, long nowNanos) {
        Place known = find(node);
        if (known == null) {
            (partners.contains(node) ? members : others).put(node, new Place(source, nowNanos));
        } else if (isSame(known.address.get(0), source)) {
            known.heard(nowNanos);
        } else if (isNewLife || known.isLeft(nowNanos)) {
            known.address = List.of(source);
            known.heard(nowNanos);
        }
    }

    Optional<List<InetSocketAddress>> of(NodeId node) {
        Place known = find(node);
        return known == null ? Optional.empty() : Optional.of(known.address);
    }

    /** The interface has come back as this one: it is part of some addresses. */
    void moveTo(NetworkInterface nic) {
        places().forEach(place -> place.address = List.of(Endpoint.rescoped(place.address.get(0), nic)));
    }

    /** Where anybody is reached who is known. */
    Stream<InetSocketAddress> all() {
        return places().flatMap(place -> place.address.stream()).distinct();
    }

    /** Where each known node is and when it was heard there, in no order. */
    List<PeerPlace> known(long nowNanos) {
        return Stream.concat(members.entrySet().stream(), others.entrySet().stream())
                .map(entry -> new PeerPlace(
                        Optional.of(entry.getKey()),
                        1,
                        entry.getValue().address.stream().findFirst(),
                        PeerPlace.Source.HEARD,
                        Optional.of(Duration.ofNanos(Math.max(0, nowNanos - entry.getValue().heardNanos))),
                        Optional.empty()))
                .toList();
    }

    private Stream<Place> places() {
        return Stream.concat(members.values().stream(), others.values().stream());
    }

    int size() {
        return members.size() + others.size();
    }

    private @Nullable Place find(NodeId node) {
        Place member = members.get(node);
        return member != null ? member : others.get(node);
    }

    /** Equal, and on the same interface, of which equality of addresses knows nothing. */
    private static boolean isSame(InetSocketAddress one, InetSocketAddress other) {
        return one.equals(other) && scope(one) == scope(other);
    }

    private static int scope(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address v6 ? v6.getScopeId() : 0;
    }
}

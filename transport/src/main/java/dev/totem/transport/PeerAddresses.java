/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where nodes are reached, as a list of one so that {@link FrameBatch} recognises it. Node loop only.
 *
 * <p>Of those that take part in no ring of ours the {@value #OTHERS_MAX} heard last are kept, so that invented nodes, as many
 * as there may be, neither fill the memory nor push out a member.
 */
final class PeerAddresses {

    /** More than the largest ring twice: what forms is found among the strangers. */
    static final int OTHERS_MAX = 1_024;

    private final Map<NodeId, List<InetSocketAddress>> members = new HashMap<>();

    private final Map<NodeId, List<InetSocketAddress>> others = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, List<InetSocketAddress>> eldest) {
            return size() > OTHERS_MAX;
        }
    };

    private Set<NodeId> partners = Set.of();

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
            List<InetSocketAddress> known = others.remove(partner);
            if (known != null) {
                members.put(partner, known);
            }
        }
    }

    /** Notes an address, or confirms it; called for every message. */
    void learn(NodeId node, SocketAddress source) {
        if (!(source instanceof InetSocketAddress address)) {
            return;
        }
        Map<NodeId, List<InetSocketAddress>> kept = partners.contains(node) ? members : others;
        List<InetSocketAddress> known = kept.get(node);
        if (known == null || !isSame(known.get(0), address)) {
            kept.put(node, List.of(address));
        }
    }

    Optional<List<InetSocketAddress>> of(NodeId node) {
        List<InetSocketAddress> member = members.get(node);
        return Optional.ofNullable(member != null ? member : others.get(node));
    }

    /** The interface has come back as this one: it is part of some addresses. */
    void moveTo(NetworkInterface nic) {
        members.replaceAll((node, at) -> List.of(Endpoint.rescoped(at.get(0), nic)));
        others.replaceAll((node, at) -> List.of(Endpoint.rescoped(at.get(0), nic)));
    }

    /** Where anybody is reached who is known. */
    Stream<InetSocketAddress> all() {
        return Stream.concat(members.values().stream(), others.values().stream())
                .flatMap(List::stream)
                .distinct();
    }

    int size() {
        return members.size() + others.size();
    }

    /** Equal, and on the same interface, of which equality of addresses knows nothing. */
    private static boolean isSame(InetSocketAddress one, InetSocketAddress other) {
        return one.equals(other) && scope(one) == scope(other);
    }

    private static int scope(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address v6 ? v6.getScopeId() : 0;
    }
}

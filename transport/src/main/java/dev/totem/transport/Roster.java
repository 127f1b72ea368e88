/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who may be a node, by address: where discovery leads, where members say that others are, and from where
 * authentic frames came. Which node is at an address only authentic frames tell. Node loop only.
 *
 * <p>Addresses that discovery names and those of members stay. Of the others the {@value #OTHERS_MAX} used last are kept:
 * one that was heard for an hour, so that parts of a ring find each other after a long cut; one that was only told of, for a
 * minute. So invented nodes neither fill the memory nor push out a member.
 */
final class Roster {

    /** More than the largest ring twice. */
    static final int OTHERS_MAX = 1_024;

    private static final long HEARD_KEPT_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long TOLD_KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<InetSocketAddress, Entry> kept = new LinkedHashMap<>();

    private final Map<InetSocketAddress, Entry> others = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Entry> eldest) {
            boolean isTooMany = size() > OTHERS_MAX;
            if (isTooMany) {
                forgetNode(eldest.getValue());
            }
            return isTooMany;
        }
    };

    private final Map<NodeId, Entry> nodes = new HashMap<>();
    private final Recipients recipients = new Recipients(this::contacts);
    private Set<InetSocketAddress> candidates = Set.of();
    private Set<NodeId> partners = Set.of();
    private Set<InetSocketAddress> own = Set.of();
    private boolean isNews;

    /** These are this node itself: nobody else is there. */
    void own(Collection<InetSocketAddress> addresses) {
        own = Set.copyOf(addresses);
        own.forEach(address -> {
            remove(kept.get(address));
            remove(others.get(address));
        });
        recipients.changed();
    }

    /** What may be sent to silent ones from now on; before, nothing may. */
    void budget(StrangerBudget granted, long nowNanos) {
        recipients.budget(granted, nowNanos);
    }

    /** All that discovery leads to at this time. Who is a member, or was heard, is not forgotten for not being there. */
    void candidates(Set<InetSocketAddress> now, long nowNanos) {
        Set<InetSocketAddress> before = candidates;
        candidates = new HashSet<>(now);
        candidates.removeAll(own);
        candidates.forEach(address -> place(entry(address, nowNanos, 0)));
        for (InetSocketAddress gone : before) {
            Entry entry = kept.get(gone);
            if (entry != null && !candidates.contains(gone)) {
                place(entry);
            }
        }
        recipients.changed();
    }

    /** A member says that somebody is there. */
    void told(InetSocketAddress address, long nowNanos) {
        if (own.contains(address)) {
            return;
        }
        Entry known = find(address);
        Entry entry = entry(address, nowNanos, TOLD_KEPT_NANOS);
        entry.isTold = true;
        if (known == null) {
            place(entry);
            recipients.changed();
        }
    }

    /** An authentic frame of a node came from there, and it is there from now on. Whether it was elsewhere before. */
    boolean learn(NodeId node, InetSocketAddress source, long nowNanos) {
        Entry known = nodes.get(node);
        if (known == null || !isSame(known.at, source)) {
            return !own.contains(source) && locate(node, known, source, nowNanos);
        }
        known.keepFor(HEARD_KEPT_NANOS, nowNanos);
        if (known.contact.heard(nowNanos) && !known.contact.isPartner()) {
            recipients.changed();
        }
        return false;
    }

    private boolean locate(NodeId node, @Nullable Entry before, InetSocketAddress source, long nowNanos) {
        if (before != null) {
            before.node = null;
            place(before);
        }
        Entry entry = find(source);
        if (entry != null && !isSame(entry.at, source)) {
            remove(entry);
        }
        entry = entry(source, nowNanos, HEARD_KEPT_NANOS);
        forgetNode(entry);
        entry.node = node;
        nodes.put(node, entry);
        entry.contact.heard(nowNanos);
        place(entry);
        recipients.changed();
        isNews = true;
        return before != null;
    }

    /** These take part in the ring. */
    void partners(Collection<NodeId> now) {
        Set<NodeId> before = partners;
        partners = Set.copyOf(now);
        for (NodeId node : before) {
            place(nodes.get(node));
        }
        for (NodeId node : partners) {
            place(nodes.get(node));
        }
        recipients.changed();
    }

    /** Where a node is, as a list of one; empty if it was never heard. */
    List<InetSocketAddress> addressOf(NodeId node) {
        Entry known = nodes.get(node);
        return known == null ? List.of() : known.contact.address();
    }

    /** Whom the next frame for everybody is sent to: the same list object as long as that does not change. */
    List<InetSocketAddress> recipients(int frameBytes, long nowNanos) {
        return recipients.of(frameBytes, nowNanos);
    }

    /** What comes next is of another flush. */
    void flushed() {
        recipients.flushed();
    }

    /** Where members are, and others that were heard of late: what is worth telling. */
    List<InetSocketAddress> worthTelling(long nowNanos) {
        List<InetSocketAddress> found = new ArrayList<>();
        for (Entry entry : nodes.values()) {
            if (entry.contact.isPartner() || entry.contact.isHeard(nowNanos)) {
                found.addAll(entry.contact.address());
            }
        }
        return found;
    }

    /** All that is known, in no order. */
    List<PeerPlace> places(long nowNanos) {
        return Stream.concat(kept.values().stream(), others.values().stream())
                .map(entry -> new PeerPlace(
                        Optional.ofNullable(entry.node),
                        1,
                        Optional.of(entry.at),
                        source(entry),
                        entry.contact.silence(nowNanos),
                        Optional.empty()))
                .toList();
    }

    private PeerPlace.Source source(Entry entry) {
        if (candidates.contains(entry.at)) {
            return PeerPlace.Source.FOUND;
        }
        return entry.isTold ? PeerPlace.Source.TOLD : PeerPlace.Source.HEARD;
    }

    /** Whether a node was heard at a new address since the last was {@linkplain #newsTold told}. */
    boolean hasNews() {
        return isNews;
    }

    void newsTold() {
        isNews = false;
    }

    int size() {
        return kept.size() + others.size();
    }

    private Collection<Contact> contacts(long nowNanos) {
        others.values().removeIf(entry -> {
            boolean isOld = nowNanos - entry.keptUntilNanos > 0;
            if (isOld) {
                forgetNode(entry);
            }
            return isOld;
        });
        List<Contact> contacts = new ArrayList<>(size());
        kept.values().forEach(entry -> contacts.add(entry.contact));
        others.values().forEach(entry -> contacts.add(entry.contact));
        return contacts;
    }

    private Entry entry(InetSocketAddress address, long nowNanos, long keptNanos) {
        Entry known = find(address);
        if (known == null) {
            return new Entry(address, nowNanos + keptNanos);
        }
        known.keepFor(keptNanos, nowNanos);
        return known;
    }

    private @Nullable Entry find(InetSocketAddress address) {
        Entry entry = kept.get(address);
        return entry != null ? entry : others.get(address);
    }

    /** Files it where it belongs by now. */
    private void place(@Nullable Entry entry) {
        if (entry == null) {
            return;
        }
        boolean isPartner = entry.node != null && partners.contains(entry.node);
        entry.contact.partner(isPartner);
        if (isPartner || candidates.contains(entry.at)) {
            others.remove(entry.at);
            kept.put(entry.at, entry);
        } else {
            kept.remove(entry.at);
            others.put(entry.at, entry);
        }
    }

    private void remove(@Nullable Entry entry) {
        if (entry != null) {
            kept.remove(entry.at);
            others.remove(entry.at);
            forgetNode(entry);
        }
    }

    private void forgetNode(Entry entry) {
        NodeId node = entry.node;
        if (node != null) {
            nodes.remove(node, entry);
            entry.node = null;
        }
    }

    /** Equal, and on the same interface, of which equality of addresses knows nothing. */
    static boolean isSame(InetSocketAddress one, InetSocketAddress other) {
        return one.equals(other) && scope(one) == scope(other);
    }

    private static int scope(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address v6 ? v6.getScopeId() : 0;
    }

    private static final class Entry {

        private final InetSocketAddress at;
        private final Contact contact = new Contact();
        private long keptUntilNanos;
        private boolean isTold;
        private @Nullable NodeId node;

        Entry(InetSocketAddress at, long keptUntilNanos) {
            this.at = at;
            this.keptUntilNanos = keptUntilNanos;
            contact.movedTo(at);
        }

        void keepFor(long nanos, long nowNanos) {
            long until = nowNanos + nanos;
            if (until - keptUntilNanos > 0) {
                keptUntilNanos = until;
            }
        }
    }
}

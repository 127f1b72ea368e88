/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The members of a new ring tell each other who is in which group there, each in its first messages. Node loop only; one per
 * ring.
 */
public final class GroupExchange {

    private final RingId ring;
    private final SortedSet<NodeId> awaited;
    private final SortedMap<NodeId, List<GroupRoll>> parts = new TreeMap<>();
    private final SortedMap<NodeId, Said> said = new TreeMap<>();

    /** All that a processor said, in the order of its node's id. */
    public record Said(NodeId node, Collection<GroupViews.Listed> part) {}

    public GroupExchange(RingId ring, Collection<NodeId> members) {
        this.ring = ring;
        this.awaited = new TreeSet<>(members);
    }

    public RingId ring() {
        return ring;
    }

    /** Takes a part of a list; says whether it is the last one of its sender. */
    public boolean take(Origin sender, GroupNotice.Roll notice) {
        if (!notice.ring().equals(ring)) {
            return false;
        }
        List<GroupRoll> all = parts.computeIfAbsent(sender.node(), node -> new ArrayList<>());
        all.add(notice.roll());
        if (notice.isLast()) {
            awaited.remove(sender.node());
            said.put(sender.node(), new Said(sender.node(), GroupRoll.together(sender, all)));
            all.clear();
        }
        return notice.isLast();
    }

    /** Only these are members any more; what others said does not count. */
    public void cut(Collection<NodeId> members) {
        awaited.retainAll(members);
        said.keySet().retainAll(members);
    }

    /** Whether all members have said everything. */
    public boolean isComplete() {
        return awaited.isEmpty();
    }

    /** What those that have said everything said, once: it is not given again. */
    public List<Said> takeSaid() {
        List<Said> all = List.copyOf(said.values());
        said.clear();
        return all;
    }
}

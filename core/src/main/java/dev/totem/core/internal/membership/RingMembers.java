/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Origin;
import java.util.Comparator;
import java.util.List;

/**
 * The members of a ring in the order of the token: ascending node ids, the first is the representative, the successor of
 * the last is the first.
 *
 * <p>Node loop only. Knows which life of each node is the member, so that other lives of it can be told apart.
 */
public final class RingMembers {

    private final List<Origin> origins;
    private final List<NodeId> ids;

    public RingMembers(List<Origin> members) {
        origins = members.stream().sorted(Comparator.comparing(Origin::node)).toList();
        ids = origins.stream().map(Origin::node).toList();
    }

    public List<NodeId> ids() {
        return ids;
    }

    public List<Origin> origins() {
        return origins;
    }

    public int size() {
        return ids.size();
    }

    public NodeId representative() {
        return ids.get(0);
    }

    public NodeId successor(NodeId member) {
        return ids.get((ids.indexOf(member) + 1) % ids.size());
    }

    /** From whom a member gets the token. */
    public NodeId predecessor(NodeId member) {
        return ids.get((ids.indexOf(member) + ids.size() - 1) % ids.size());
    }

    /** Which life of a member it is. */
    public Origin origin(NodeId member) {
        return origins.get(ids.indexOf(member));
    }

    /** Whether this very life of the node is a member. */
    public boolean contains(Origin origin) {
        return origins.contains(origin);
    }

    public boolean contains(NodeId node) {
        return ids.contains(node);
    }

    /** Whether the origin is a life of a member that ended before the member's present one began. */
    public boolean outlived(Origin origin) {
        return origins.stream()
                .anyMatch(member -> member.node().equals(origin.node()) && origin.incarnation() < member.incarnation());
    }

    @Override
    public String toString() {
        return ids.toString();
    }
}

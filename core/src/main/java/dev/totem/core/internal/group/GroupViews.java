/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who is in which group, by the order up to now: a part for each processor, which only what that processor has said, and its
 * absence, changes. Node loop only.
 */
public final class GroupViews {

    private final SortedMap<GroupName, SortedMap<MemberId, GroupMember>> views = new TreeMap<>();
    private final SortedMap<NodeId, SortedMap<MemberId, Listed>> parts = new TreeMap<>();

    /** A handle and its groups. */
    public record Listed(GroupMember member, SortedSet<GroupName> groups) {}

    public void join(GroupMember member, GroupName group, ViewChanges changes) {
        boolean isNew = parts.computeIfAbsent(member.id().node(), node -> new TreeMap<>())
                .computeIfAbsent(member.id(), id -> new Listed(member, new TreeSet<>()))
                .groups()
                .add(group);
        if (isNew) {
            views.computeIfAbsent(group, name -> new TreeMap<>()).put(member.id(), member);
            changes.joined(group, member);
        }
    }

    public void leave(MemberId id, GroupName group, ViewChanges changes) {
        SortedMap<MemberId, Listed> part = parts.get(id.node());
        if (part == null) {
            return;
        }
        Listed listed = part.get(id);
        if (listed != null && listed.groups().remove(group)) {
            if (listed.groups().isEmpty()) {
                part.remove(id);
            }
            remove(listed.member(), group, changes);
        }
    }

    /** A handle leaves all its groups. */
    public void close(MemberId id, ViewChanges changes) {
        SortedMap<MemberId, Listed> part = parts.get(id.node());
        Listed listed = part == null ? null : part.remove(id);
        if (listed != null) {
            listed.groups().forEach(group -> remove(listed.member(), group, changes));
        }
    }

    /** All handles of a processor leave all their groups. */
    public void close(NodeId node, ViewChanges changes) {
        SortedMap<MemberId, Listed> part = parts.remove(node);
        if (part != null) {
            part.values().forEach(listed -> listed.groups().forEach(group -> remove(listed.member(), group, changes)));
        }
    }

    /** Only members of these processors stay. */
    public void cut(Collection<NodeId> nodes, ViewChanges changes) {
        List.copyOf(parts.keySet()).stream()
                .filter(node -> !nodes.contains(node))
                .forEach(node -> close(node, changes));
    }

    /** What a processor says of its own part is the truth; mostly it is what was known. */
    public void replace(NodeId node, Collection<Listed> said, ViewChanges changes) {
        if (List.copyOf(said).equals(List.copyOf(part(node)))) {
            return;
        }
        close(node, changes);
        said.forEach(listed -> listed.groups().forEach(group -> join(listed.member(), group, changes)));
    }

    /** The handles of a processor that are in groups, ascending. */
    public Collection<Listed> part(NodeId node) {
        SortedMap<MemberId, Listed> part = parts.get(node);
        return part == null ? List.of() : part.values();
    }

    /** Ascending. */
    public List<GroupMember> members(GroupName group) {
        return Optional.ofNullable(views.get(group))
                .map(view -> List.copyOf(view.values()))
                .orElse(List.of());
    }

    /** The first of them by name, with how many members they have. */
    public SortedMap<GroupName, Integer> sizes(int most) {
        SortedMap<GroupName, Integer> sizes = new TreeMap<>();
        for (Map.Entry<GroupName, SortedMap<MemberId, GroupMember>> view : views.entrySet()) {
            if (sizes.size() == most) {
                break;
            }
            sizes.put(view.getKey(), view.getValue().size());
        }
        return sizes;
    }

    /** Groups that have members. */
    public int size() {
        return views.size();
    }

    private void remove(GroupMember member, GroupName group, ViewChanges changes) {
        SortedMap<MemberId, GroupMember> view = views.get(group);
        if (view != null && view.remove(member.id()) != null) {
            if (view.isEmpty()) {
                views.remove(group);
            }
            changes.left(group, member);
        }
    }
}

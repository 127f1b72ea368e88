/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Origin;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who hears whom: which processors this one heard of late, and whom each of them said it heard. Node loop only.
 *
 * <p>Only joins and merge detects count, because only those come from their origin itself. Bounded: of too many processors
 * the one heard longest ago is forgotten.
 */
final class Reachability {

    private static final long NEVER = Long.MIN_VALUE;

    private final NodeId self;
    private final long freshNanos;
    private final Map<NodeId, Announcement> latest = new LinkedHashMap<>();

    /** Since when this processor has announced itself without a gap, and when last. */
    private long announcingNanos = NEVER;

    private long announcedNanos = NEVER;

    /** @param freshNanos how long an announcement says something about the present */
    Reachability(NodeId self, long freshNanos) {
        this.self = self;
        this.freshNanos = freshNanos;
    }

    /**
     * An announcement came in; whether it shows that its sender and this processor hear each other, unlike before. That of
     * an earlier life counts again when the later one has fallen silent: of two nodes with one id the later stops.
     */
    boolean announced(Origin sender, List<NodeId> heard, long nowNanos) {
        Announcement known = latest.get(sender.node());
        if (known != null && known.sender.incarnation() > sender.incarnation() && isFresh(known, nowNanos)) {
            return false;
        }
        boolean before = known != null && isFresh(known, nowNanos) && known.heard.contains(self);
        latest.remove(sender.node());
        latest.put(
                sender.node(),
                new Announcement(sender, Set.copyOf(heard), nowNanos, deafNanos(known, heard, nowNanos)));
        if (latest.size() > CommitToken.MEMBERS_MAX) {
            latest.remove(latest.keySet().iterator().next());
        }
        return !before && heard.contains(self);
    }

    private long deafNanos(@Nullable Announcement before, List<NodeId> heard, long nowNanos) {
        if (heard.contains(self)) {
            return NEVER;
        }
        return before != null && before.deafNanos != NEVER && isFresh(before, nowNanos) ? before.deafNanos : nowNanos;
    }

    /** This processor announces itself. */
    void announcing(long nowNanos) {
        if (announcedNanos == NEVER || nowNanos - announcedNanos > freshNanos / 2) {
            announcingNanos = nowNanos;
        }
        announcedNanos = nowNanos;
    }

    /** Whether a processor has said of late that it does not hear this one, while this one has announced itself all the time. */
    boolean isUnheardBy(NodeId node, long nowNanos) {
        Announcement known = latest.get(node);
        return known != null
                && known.deafNanos != NEVER
                && nowNanos - known.deafNanos >= freshNanos
                && announcedNanos != NEVER
                && nowNanos - announcedNanos <= freshNanos / 2
                && nowNanos - announcingNanos >= freshNanos;
    }

    /** Whether this processor is one of these. */
    boolean isOf(Collection<NodeId> nodes) {
        return nodes.contains(self);
    }

    /** When a processor announced itself last; empty if it is not known to. */
    OptionalLong announcedNanos(NodeId node) {
        Announcement known = latest.get(node);
        return known == null ? OptionalLong.empty() : OptionalLong.of(known.atNanos);
    }

    /** Whom this processor heard of late, ascending. */
    List<NodeId> heard(long nowNanos) {
        return latest.values().stream()
                .filter(announcement -> isFresh(announcement, nowNanos))
                .map(announcement -> announcement.sender.node())
                .sorted()
                .toList();
    }

    /** Whether all of these, this processor among them, hear each other, as far as they and it have said of late. */
    boolean isMutual(Collection<NodeId> nodes, long nowNanos) {
        return nodes.stream().filter(node -> !node.equals(self)).allMatch(node -> hearsAll(node, nodes, nowNanos));
    }

    private boolean hearsAll(NodeId node, Collection<NodeId> nodes, long nowNanos) {
        Announcement known = latest.get(node);
        return known != null
                && isFresh(known, nowNanos)
                && nodes.stream().allMatch(other -> other.equals(node) || known.heard.contains(other));
    }

    private boolean isFresh(Announcement announcement, long nowNanos) {
        return nowNanos - announcement.atNanos <= freshNanos;
    }

    /** @param deafNanos since when its sender does not hear this processor */
    private record Announcement(Origin sender, Set<NodeId> heard, long atNanos, long deafNanos) {}
}

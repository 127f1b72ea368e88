/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Origin;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which processors outside the ring may disturb it: not those that were heard while it was formed and yet are not in it
 * ({@code PROTOCOL.md} 9.5, one-way link; P28). Node loop only; for a whole life.
 *
 * <p>Without it a node that is heard but does not hear makes a ring form again and again: each announcement is a reason to
 * gather, and no gathering ends in agreement. A quarantine ends when the announcements of all members of both rings show
 * that they all hear each other, when the node restarts, or when it becomes a member by a way that is open. So a link that
 * works again is used as soon as its ends have noticed. Proof that came to nothing counts only after a time that doubles
 * with each repetition, up to {@value #WAIT_TOKENS_MAX} token timeouts; an invitation shows that its sender has waited, and is
 * enough: else both would try in turn for ever, each while the other waits.
 *
 * <p>A silent processor is never quarantined: parts that do not hear each other merge at the first sound.
 */
public final class Quarantine {

    private static final int WAIT_TOKENS_MAX = 32;
    private static final int NODES_MAX = 1_024;

    private final long tokenNanos;
    private final Reachability reachability;
    private final Map<NodeId, Origin> met = new TreeMap<>();
    private final Map<NodeId, Exclusion> exclusions = new LinkedHashMap<>();

    public Quarantine(NodeId self, long tokenNanos) {
        this.tokenNanos = tokenNanos;
        reachability = new Reachability(self, tokenNanos);
    }

    /**
     * A join or merge detect came in.
     *
     * @param heard whom its sender says it heard of late
     * @return whether it shows that its sender and this processor hear each other, unlike before
     */
    public boolean announced(Origin sender, List<NodeId> heard, long nowNanos) {
        return reachability.announced(sender, heard, nowNanos);
    }

    /** This processor announces itself, and tells whom it heard. */
    public void announcing(long nowNanos) {
        reachability.announcing(nowNanos);
    }

    /** Whether a processor that is heard has not heard this one for a while, in which it had to. */
    public boolean isUnheardBy(NodeId node, long nowNanos) {
        return reachability.isUnheardBy(node, nowNanos);
    }

    /** When a processor announced itself last; empty if it is not known to. */
    public OptionalLong announcedNanos(NodeId node) {
        return reachability.announcedNanos(node);
    }

    /** Whom this processor heard of late, ascending. */
    public List<NodeId> heard(long nowNanos) {
        return reachability.heard(nowNanos);
    }

    /** A processor takes part in the search for the next ring, or is the reason for it. */
    public void met(Origin sender) {
        if (met.size() < NODES_MAX) {
            met.put(sender.node(), sender);
        }
    }

    /** Whether what this processor says is no reason to gather. */
    public boolean holds(Origin sender) {
        Exclusion exclusion = exclusions.get(sender.node());
        return exclusion != null && exclusion.excluded && exclusion.incarnation == sender.incarnation();
    }

    /**
     * Whether an announcement may start or widen a search for the next ring; ends the quarantine if it proves that it would
     * succeed.
     *
     * @param ours the members of this processor's ring, or of the one it is looking for
     * @param theirs the same of the sender
     */
    public boolean admits(Origin sender, Collection<NodeId> ours, Collection<NodeId> theirs, long nowNanos) {
        return admits(sender, false, ours, theirs, nowNanos);
    }

    /** The same of a join; it is an invitation if its sender wants a ring with this processor. */
    public boolean admits(Join join, Collection<NodeId> ours, long nowNanos) {
        return admits(join.origin(), reachability.isOf(join.members()), ours, join.members(), nowNanos);
    }

    private boolean admits(
            Origin sender, boolean invites, Collection<NodeId> ours, Collection<NodeId> theirs, long nowNanos) {
        if (!holds(sender)) {
            return true;
        }
        TreeSet<NodeId> all = new TreeSet<>(ours);
        all.addAll(theirs);
        Exclusion exclusion = exclusions.get(sender.node());
        boolean isDue = invites || (exclusion != null && nowNanos >= exclusion.provableFromNanos);
        if (!isDue || !reachability.isMutual(all, nowNanos)) {
            return false;
        }
        all.forEach(node -> end(node, nowNanos));
        return true;
    }

    /** A ring was installed: who was met on the way and is not in it is quarantined. */
    public void installed(RingMembers members, long nowNanos) {
        members.ids().forEach(node -> end(node, nowNanos));
        met.values().stream()
                .filter(origin -> !members.contains(origin.node()))
                .forEach(origin -> begin(origin, nowNanos));
        met.clear();
    }

    private void end(NodeId node, long nowNanos) {
        exclusions.computeIfPresent(node, (same, exclusion) -> exclusion.ended(nowNanos));
    }

    private void begin(Origin origin, long nowNanos) {
        if (holds(origin)) {
            return;
        }
        int times = 1 + repetitions(origin, nowNanos);
        long waitTokens = times == 1 ? 0 : Math.min(1L << Math.min(times - 2, 30), WAIT_TOKENS_MAX);
        exclusions.remove(origin.node());
        exclusions.put(
                origin.node(),
                new Exclusion(origin.incarnation(), true, times, nowNanos + waitTokens * tokenNanos, nowNanos));
        if (exclusions.size() > NODES_MAX) {
            exclusions.remove(exclusions.keySet().iterator().next());
        }
    }

    /** How often in a row this very life was quarantined before, and not long ago. */
    private int repetitions(Origin origin, long nowNanos) {
        return Optional.ofNullable(exclusions.get(origin.node()))
                .filter(before -> before.incarnation == origin.incarnation())
                .filter(before -> nowNanos - before.endedNanos < 2 * WAIT_TOKENS_MAX * tokenNanos)
                .map(before -> before.times)
                .orElse(0);
    }

    /** What is remembered of a quarantine, also after its end, so that a repetition is noticed. */
    private record Exclusion(long incarnation, boolean excluded, int times, long provableFromNanos, long endedNanos) {

        Exclusion ended(long nowNanos) {
            return excluded ? new Exclusion(incarnation, false, times, provableFromNanos, nowNanos) : this;
        }
    }
}

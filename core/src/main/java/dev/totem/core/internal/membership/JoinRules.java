/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.Origin;
import java.util.List;

/**
 * What a Join does to the candidate sets, rules J1 to J6 of {@code PROTOCOL.md} 3.4. Node loop only.
 *
 * <p>An outsider's fail list counts only for nodes outside this processor's own ring, as in the thesis: a newcomer's stale
 * view cannot break up a working ring, yet its news of strangers is used.
 */
public final class JoinRules {

    private JoinRules() {}

    /** What became of a Join. */
    public enum Outcome {
        /** J1: its sender agrees with the present sets. */
        EQUAL,
        /** J2: its sender knows less; it will catch up from this processor's Joins. */
        BEHIND,
        /** J3: its sender has been given up on and is not resurrected in this round. */
        SENDER_FAILED,
        /** Ours: with its candidates the sets would be larger than the largest ring. */
        TOO_MANY,
        /** J4 to J6: the sets have changed. */
        CHANGED
    }

    /** Applies a Join to the sets. */
    public static Outcome apply(CandidateSets sets, RingMembers ring, NodeId self, Join join) {
        return apply(sets, ring, self, join.origin(), join.proc(), join.fail());
    }

    /** Applies a Leave to the sets; whatever the outcome, it is no consent ({@code PROTOCOL.md} 2.5). */
    public static Outcome apply(CandidateSets sets, RingMembers ring, NodeId self, Leave leave) {
        return apply(sets, ring, self, leave.origin(), leave.proc(), leave.fail());
    }

    private static Outcome apply(
            CandidateSets sets, RingMembers ring, NodeId self, Origin sender, List<NodeId> proc, List<NodeId> fail) {
        if (sets.equal(proc, fail)) {
            return Outcome.EQUAL;
        }
        if (sets.cover(proc, fail)) {
            return Outcome.BEHIND;
        }
        if (sets.hasFailed(sender.node())) {
            return Outcome.SENDER_FAILED;
        }
        if (!sets.hasRoomFor(proc)) {
            return Outcome.TOO_MANY;
        }
        boolean changed = sets.addCandidates(proc);
        if (fail.contains(self)) {
            changed |= sets.addFailed(List.of(sender.node()));
        } else if (ring.contains(sender)) {
            changed |= sets.addFailed(fail);
        } else {
            changed |= sets.addFailed(
                    fail.stream().filter(node -> !ring.contains(node)).toList());
        }
        return changed ? Outcome.CHANGED : Outcome.BEHIND;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.internal.membership.RingQuorum;
import java.util.List;

/** Why members may not decide, in words. */
public final class QuorumLack {

    private QuorumLack() {}

    /** As far as the quorum tells. */
    public static String of(Quorum quorum, List<NodeId> members) {
        if (!quorum.isPrimary(members)) {
            return votes(quorum, members);
        }
        String others = "not the same quorum (here " + quorum + ")";
        return "members " + members + " have the votes, but "
                + (quorum.expected() > 0 ? unmet(quorum) + ", or they have " + others : others);
    }

    /** The same, where it is known what the members said. */
    static String of(Quorum quorum, List<NodeId> members, RingQuorum.Verdict verdict) {
        if (!verdict.differing().isEmpty()) {
            return "of the members " + members + ", " + verdict.differing() + " have another quorum than " + quorum
                    + " here: while they differ nobody decides, whatever the votes";
        }
        return quorum.isPrimary(members)
                ? "members " + members + " have the votes, but " + unmet(quorum)
                : votes(quorum, members);
    }

    private static String unmet(Quorum quorum) {
        return "fewer than the " + quorum.expected() + " that it expects were members together";
    }

    private static String votes(Quorum quorum, List<NodeId> members) {
        int votes = quorum.votesOf(members);
        return votes == 0
                ? "none of the members " + members + " has a vote (" + quorum + ")"
                : "members " + members + " have " + votes + " of " + quorum.votes() + " votes (" + quorum + ")";
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import java.util.List;

/** Why members may not decide, in words. */
public final class QuorumLack {

    private QuorumLack() {}

    public static String of(Quorum quorum, List<NodeId> members) {
        if (quorum.isPrimary(members)) {
            return "members " + members + " have the votes, but not the same quorum, or fewer than the "
                    + quorum.expected() + " that it expects were members together; the log and stats tell";
        }
        return "members " + members + " have " + quorum.votesOf(members) + " of " + quorum.votes() + " votes (" + quorum
                + ")";
    }
}

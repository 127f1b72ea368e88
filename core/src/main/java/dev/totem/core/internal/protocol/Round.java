/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.NodeId;
import dev.totem.core.internal.membership.Attempts;
import dev.totem.core.internal.membership.CandidateSets;
import dev.totem.core.internal.membership.JoinRules;
import dev.totem.core.internal.membership.OldRing;
import dev.totem.core.internal.membership.RememberedJoins;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import java.util.TreeSet;

/** What lives from leaving one ring until the next is installed, through all attempts in between. Node loop only. */
record Round(OldRing old, CandidateSets sets, RememberedJoins joins, Attempts attempts) {

    static Round from(OldRing old, NodeId self) {
        return new Round(old, new CandidateSets(self, old.members().ids()), new RememberedJoins(self), new Attempts());
    }

    /** Whether a Join was made before its sender's last ring with us, or by an earlier life of it ({@code PROTOCOL.md} 3.5). */
    boolean isStale(Origin sender, long ringSeq) {
        return old.members().outlived(sender)
                || (old.members().contains(sender) && ringSeq < old.ring().seq());
    }

    /** Rules J1 to J6; also remembers who agrees to what. */
    JoinRules.Outcome apply(Join join, NodeId self) {
        joins.remember(join);
        return JoinRules.apply(sets, old.members(), self, join);
    }

    JoinRules.Outcome apply(Leave leave, NodeId self) {
        joins.forget(leave.origin().node());
        return JoinRules.apply(sets, old.members(), self, leave);
    }

    ProtocolMessage farewell(Origin self, long ringSeq) {
        TreeSet<NodeId> proc = new TreeSet<>(sets.proc());
        proc.remove(self.node());
        TreeSet<NodeId> fail = new TreeSet<>(sets.fail());
        fail.add(self.node());
        return new Leave(self, proc.stream().toList(), fail.stream().toList(), ringSeq);
    }
}

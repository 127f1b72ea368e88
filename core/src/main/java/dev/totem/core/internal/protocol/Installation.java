/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.membership.OldRing;
import dev.totem.core.internal.membership.RecoveryProgress;
import dev.totem.core.internal.membership.RingMembers;
import dev.totem.core.internal.membership.RingQuorum;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.ordering.DeliveryCursor;
import dev.totem.core.internal.ordering.MessageStore;
import dev.totem.core.internal.ordering.RingOrder;
import java.util.List;

/**
 * The install of a ring: the nine steps of {@code PROTOCOL.md} 3.7, in one uninterrupted action. Node loop only.
 *
 * <p>Step 1, unwrapping, has happened as the recovered messages arrived.
 */
final class Installation {

    private final RingContext context;
    private final OldRing old;
    private final RingMembers members;
    private final List<NodeId> transitional;
    private final RingQuorum.Verdict verdict;
    private final int version;

    Installation(
            RingContext context,
            Round round,
            RingMembers members,
            List<NodeId> transitional,
            RingQuorum.Verdict verdict,
            int version) {
        this.context = context;
        this.old = round.old();
        this.members = members;
        this.transitional = transitional;
        this.verdict = verdict;
        this.version = version;
    }

    /** Installs the ring; the token that completed the recovery is passed on last. */
    RingState install(RingOrder order, RecoveryProgress progress, RegularToken token) {
        context.timers().cancelAll();
        OldMessages messages = new OldMessages(context, old);
        messages.deliverInOldConfiguration();
        messages.changeToTransitional(order.ring(), transitional);
        messages.deliverInTransitionalConfiguration();
        changeToRegular(order.ring());
        context.emit(new Effect.Agreed(context.profiles().agree(members, version)));
        context.source().configurationInstalled();
        context.quarantine().installed(members, context.nowNanos());
        context.observer().counted(RingCounter.RINGS_INSTALLED, 1);
        MessageStore store = order.store();
        Invariant.check(store.aru() >= progress.installSeq(), "installed with a gap below the install seq");
        store.release(progress.installSeq());
        return Operational.enter(
                context, members, order, new DeliveryCursor(store, progress.installSeq()), token, old.ring());
    }

    private void changeToRegular(RingId ring) {
        List<NodeId> joined = members.ids().stream()
                .filter(node -> !transitional.contains(node))
                .toList();
        context.changeToRegular(ConfigChange.regular(ring, members.ids(), joined), verdict);
    }
}

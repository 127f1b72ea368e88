/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.internal.membership.OldRing;
import dev.totem.core.internal.membership.RecoveryProgress;
import dev.totem.core.internal.membership.RingMembers;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.ordering.DeliveryCursor;
import dev.totem.core.internal.ordering.MessageStore;
import dev.totem.core.internal.ordering.RingOrder;
import java.util.List;

/**
 * The install of a ring: the nine steps of {@code protocol.md} 3.7, in one uninterrupted action. Node loop only.
 *
 * <p>Step 1, unwrapping, has happened as the recovered messages arrived.
 */
final class Installation {

    private final RingContext context;
    private final OldRing old;
    private final RingMembers members;
    private final List<NodeId> transitional;

    Installation(RingContext context, Round round, RingMembers members, List<NodeId> transitional) {
        this.context = context;
        this.old = round.old();
        this.members = members;
        this.transitional = transitional;
    }

    /** Installs the ring; the token that completed the recovery is passed on last. */
    RingState install(RingOrder order, RecoveryProgress progress, RegularToken token) {
        context.timers().cancelAll();
        deliverInOldConfiguration();
        change(ConfigChange.transitional(
                old.ring(), order.ring(), transitional, without(old.members().ids(), transitional)));
        deliverInTransitionalConfiguration();
        change(ConfigChange.regular(order.ring(), members.ids(), without(members.ids(), transitional)));
        context.emit(new Effect.Agreed(context.profiles().agree(members)));
        context.source().configurationInstalled();
        context.quarantine().installed(members, context.nowNanos());
        context.observer().counted(RingCounter.RINGS_INSTALLED, 1);
        MessageStore store = order.store();
        Invariant.check(store.aru() >= progress.installSeq(), "installed with a gap below the install seq");
        store.release(progress.installSeq());
        return Operational.enter(
                context, members, order, new DeliveryCursor(store, progress.installSeq()), token, old.ring());
    }

    /** Step 2: up to the first gap, and up to the first SAFE message that nobody is known to have delivered. */
    private void deliverInOldConfiguration() {
        old.cursor().deliver(old.safeLine(), this::deliver);
    }

    /** Step 5: what is left, skipping gaps; beyond the first gap only from those whose messages are all known. */
    private void deliverInTransitionalConfiguration() {
        MessageStore store = old.store();
        for (long seq = old.cursor().highDelivered() + 1; seq <= store.highReceived(); seq++) {
            boolean beforeGap = seq <= store.aru();
            store.get(seq).ifPresent(held -> {
                if (held instanceof RegularMessage message
                        && (beforeGap || old.mustDeliver(message.origin().node()))) {
                    deliver(message);
                }
            });
        }
    }

    private void deliver(RegularMessage message) {
        context.observer().counted(RingCounter.MESSAGES_DELIVERED, 1);
        context.emit(new Effect.Deliver(message));
    }

    private void change(ConfigChange change) {
        context.observer().installed(change);
        context.emit(new Effect.Install(change));
    }

    private static List<NodeId> without(List<NodeId> nodes, List<NodeId> removed) {
        return nodes.stream().filter(node -> !removed.contains(node)).toList();
    }
}

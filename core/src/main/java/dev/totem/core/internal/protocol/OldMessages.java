/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.membership.OldRing;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.ordering.MessageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What is still to be delivered of a ring when it is left, for another one or for good ({@code PROTOCOL.md} 3.7, steps 2 to
 * 5). Node loop only.
 */
final class OldMessages {

    private final RingContext context;
    private final OldRing old;

    OldMessages(RingContext context, OldRing old) {
        this.context = context;
        this.old = old;
    }

    /**
     * The processor leaves in order: what it has acknowledged may be delivered as safe by others, who count on it. So it
     * delivers all that it has, the rest in a transitional configuration of itself alone, as if it had been cut off.
     */
    void deliverAndLeave() {
        deliverInOldConfiguration();
        List<RegularMessage> rest =
                rest(sender -> sender.equals(context.id()) || (old.isObliged() && old.mustDeliver(sender)));
        if (rest.isEmpty()) {
            return;
        }
        RingId alone = new RingId(context.id(), context.ringSeqMax() + RingId.STEP);
        context.useRingSeq(alone.seq());
        changeToTransitional(alone, List.of(context.id()));
        rest.forEach(this::deliver);
    }

    /** Step 2: up to the first gap, and up to the first SAFE message that nobody is known to have delivered. */
    void deliverInOldConfiguration() {
        old.cursor().deliver(old.safeLine(), this::deliver);
    }

    /** Steps 3 and 4. */
    void changeToTransitional(RingId next, List<NodeId> members) {
        List<NodeId> left = old.members().ids().stream()
                .filter(node -> !members.contains(node))
                .toList();
        ConfigChange change = ConfigChange.transitional(old.ring(), next, members, left)
                .withPrimary(context.quorum().isPrimary())
                .withCauses(context.causes().told());
        context.observer().installed(change);
        context.emit(new Effect.Install(change));
    }

    /** Step 5: what is left, skipping gaps; beyond the first gap only from those whose messages are all known. */
    void deliverInTransitionalConfiguration() {
        rest(old::mustDeliver).forEach(this::deliver);
    }

    private List<RegularMessage> rest(Predicate<NodeId> beyondGap) {
        MessageStore store = old.store();
        List<RegularMessage> rest = new ArrayList<>();
        for (long seq = old.cursor().highDelivered() + 1; seq <= store.highReceived(); seq++) {
            boolean isBeforeGap = seq <= store.aru();
            store.get(seq).ifPresent(held -> {
                if (held instanceof RegularMessage message
                        && (isBeforeGap || beyondGap.test(message.origin().node()))) {
                    rest.add(message);
                }
            });
        }
        return rest;
    }

    private void deliver(RegularMessage message) {
        context.observer().counted(RingCounter.MESSAGES_DELIVERED, 1);
        context.emit(new Effect.Deliver(message));
    }
}

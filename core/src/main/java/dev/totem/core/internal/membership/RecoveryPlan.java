/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.RegularMessage;
import java.util.List;

/**
 * What a complete commit token means for one member ({@code PROTOCOL.md} 3.6 step 4).
 *
 * @param transitional members of the proposed ring that come directly from this processor's old ring: the same ring, and
 *     the very lives of its members, so that one that came back from elsewhere or restarted does not count (P1, P8)
 * @param toSend old messages this processor holds and a transitional member may lack, in order
 */
public record RecoveryPlan(List<NodeId> transitional, List<RegularMessage> toSend) {

    /** Reads the table and updates the old ring's obligation. */
    public static RecoveryPlan of(CommitToken token, OldRing old) {
        List<CommitEntry> entries = token.entries().stream()
                .filter(entry ->
                        entry.oldRing().equals(old.ring()) && old.members().contains(entry.member()))
                .toList();
        List<NodeId> transitional =
                entries.stream().map(entry -> entry.member().node()).toList();
        entries.forEach(entry -> old.delivered(entry.highDelivered()));
        if (entries.stream().allMatch(CommitEntry::received)) {
            return new RecoveryPlan(transitional, List.of());
        }
        old.release(transitional);
        long lowRingAru = entries.stream()
                .mapToLong(CommitEntry::aru)
                .min()
                .orElse(old.store().aru());
        return new RecoveryPlan(transitional, heldAbove(lowRingAru, old));
    }

    private static List<RegularMessage> heldAbove(long lowRingAru, OldRing old) {
        return old.store().heldAbove(lowRingAru).stream()
                .filter(RegularMessage.class::isInstance)
                .map(RegularMessage.class::cast)
                .toList();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.internal.membership.RingMembers;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.ordering.FlowControl;
import dev.totem.core.internal.ordering.MessageStore;
import dev.totem.core.internal.ordering.RingOrder;
import java.util.List;
import java.util.Optional;

/**
 * Whether a token can be what the members made of the one that this processor passed on before. Node loop only.
 *
 * <p>Ours: the papers trust their members. A token that is refused is as good as lost, and its sender sends a copy.
 */
final class TokenCheck {

    private TokenCheck() {}

    /** Why a regular token is not accepted; empty if it is. */
    static Optional<DropReason> refusal(RegularToken token, RingMembers members, RingOrder order) {
        if (!token.ring().equals(order.ring())) {
            return Optional.of(DropReason.OTHER_RING);
        } else if (!members.contains(token.origin())) {
            return Optional.of(DropReason.OTHER_INCARNATION);
        } else if (order.isDuplicate(token)) {
            return Optional.of(DropReason.DUPLICATE_TOKEN);
        }
        return isPossible(token, members, order) ? Optional.empty() : Optional.of(DropReason.IMPOSSIBLE_TOKEN);
    }

    private static boolean isPossible(RegularToken token, RingMembers members, RingOrder order) {
        MessageStore store = order.store();
        Origin before = members.origin(members.predecessor(order.self().node()));
        long sumMax = (long) FlowControl.SUM_OF_MEMBER_MAX * members.size();
        return token.origin().equals(before)
                && isNextHop(token.tokenSeq(), order.tokenSeq(), members.size())
                && token.seq() >= order.passedSeq()
                && token.seq() <= store.last() + store.capacity()
                && token.aruOwner().map(members::contains).orElse(true)
                && token.fcc() <= sumMax
                && token.backlog() <= sumMax;
    }

    /** Each member adds one, so that a rotation adds as many as there are members. */
    private static boolean isNextHop(long tokenSeq, long accepted, int members) {
        return accepted < 0 ? tokenSeq < 2L * members : tokenSeq == accepted + members;
    }

    /** Whether the members before this one, and nobody else, have handled a proposal: one hop and one entry each. */
    static boolean isFirstRound(CommitToken token, Origin self) {
        return token.tokenSeq() == token.entries().size() && isFromPredecessor(token, self);
    }

    /** Whether a proposal has come round complete, with what was passed on here unchanged. */
    static boolean isSecondRound(CommitToken token, List<CommitEntry> passed, Origin self) {
        int position = token.members().indexOf(self.node());
        return token.tokenSeq() == (long) token.members().size() + position
                && isFromPredecessor(token, self)
                && token.entries().subList(0, passed.size()).equals(passed);
    }

    private static boolean isFromPredecessor(CommitToken token, Origin self) {
        int size = token.members().size();
        int position = token.members().indexOf(self.node());
        return token.origin().node().equals(token.members().get((position + size - 1) % size));
    }
}

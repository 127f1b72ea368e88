/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.protocol.RingView;
import dev.totem.core.internal.protocol.RingView.OrderView;
import java.util.List;
import java.util.Optional;

/**
 * One step of one machine. Immutable.
 *
 * @param before the state it found; empty at the first step of a life
 */
record Step(Input input, Optional<RingView> before, RingView after, List<Effect> effects) {

    Origin self() {
        return after.self();
    }

    boolean beganIn(RingPhase phase) {
        return before.isPresent() && before.get().phase() == phase;
    }

    /** The order of the ring that this processor took part in before and after this step. */
    Optional<OrderView> orderBefore(OrderView now) {
        return before.flatMap(RingView::order).filter(was -> was.ring().equals(now.ring()));
    }

    /** The order of a ring that this processor takes part in, or did before this step. */
    Optional<OrderView> orderOf(RingId ring) {
        Optional<OrderView> now = after.order();
        if (now.isPresent() && now.get().ring().equals(ring)) {
            return now;
        }
        return before.flatMap(RingView::order).filter(was -> was.ring().equals(ring));
    }

    /** The token that this step accepted, if it did and is still on its ring. */
    Optional<RegularToken> accepted() {
        if (!(input instanceof Input.Received received)
                || !(received.message() instanceof RegularToken token)
                || after.order().isEmpty()) {
            return Optional.empty();
        }
        OrderView now = after.order().get();
        long was = orderBefore(now).map(OrderView::tokenSeq).orElse(-1L);
        boolean isNew = now.ring().equals(token.ring()) && now.tokenSeq() == token.tokenSeq() && was < token.tokenSeq();
        return isNew ? Optional.of(token) : Optional.empty();
    }
}

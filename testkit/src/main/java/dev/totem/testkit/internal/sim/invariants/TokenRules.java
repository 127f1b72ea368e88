/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.Effect;
import java.util.Optional;

/**
 * W1, W9 and a half of W2: there is one token, and it counts right.
 *
 * <p>W1 as a chain: each token accepted on a ring, by whatever member, has the number after the one accepted before. So
 * nobody acts on a token that another has acted on, whatever copies are under way and whoever keeps one for a while.
 *
 * <p>W9 when a token is passed on for the first time: its fcc is the sum of what all members sent at their last visits,
 * retransmissions and what is held back included; so is its backlog. Members that have left count as they last did.
 *
 * <p>W2 then, too: the token's seq is not below what any member has received.
 */
final class TokenRules implements StepRule {

    @Override
    public void check(Step step, Rings rings, Breaches breaches) {
        step.accepted()
                .ifPresent(token -> ring(step, token, rings).ifPresent(ring -> accepted(step, token, ring, breaches)));
        for (Effect effect : step.effects()) {
            if (effect instanceof Effect.Unicast unicast && unicast.message() instanceof RegularToken token) {
                ring(step, token, rings).ifPresent(ring -> passedOn(step, token, ring, breaches));
            }
        }
    }

    private static Optional<RingLedger> ring(Step step, RegularToken token, Rings rings) {
        return step.orderOf(token.ring()).flatMap(rings::of);
    }

    private static void accepted(Step step, RegularToken token, RingLedger ring, Breaches breaches) {
        if (token.tokenSeq() != ring.tokenSeq + 1) {
            breaches.add(
                    RingRule.W1,
                    step,
                    "accepts token " + token.tokenSeq() + " of ring " + ring.ring + " after somebody accepted "
                            + ring.tokenSeq);
        }
        ring.tokenSeq = Math.max(ring.tokenSeq, token.tokenSeq());
    }

    /** A token of an installed or a forming ring, a copy too. */
    private static void passedOn(Step step, RegularToken token, RingLedger ring, Breaches breaches) {
        if (token.tokenSeq() <= ring.passedSeq) {
            return;
        }
        ring.passedSeq = token.tokenSeq();
        if (token.seq() < ring.highReceived()) {
            breaches.add(
                    RingRule.W2, step, "passes on " + token + ", but a member has received " + ring.highReceived());
        }
        if (token.fcc() != ring.sent() || token.backlog() != ring.backlog()) {
            breaches.add(
                    RingRule.W9,
                    step,
                    "passes on " + token + ", while the members count fcc " + ring.sent() + " backlog "
                            + ring.backlog());
        }
    }
}

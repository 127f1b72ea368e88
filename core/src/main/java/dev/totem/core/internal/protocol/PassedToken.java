/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.ordering.LastToken;

/**
 * The token that was passed to the successor last, and its copies while the successor stays silent ({@code PROTOCOL.md} 4.3). Node
 * loop only.
 */
final class PassedToken {

    private final RingContext context;
    private final NodeId successor;
    private final LastToken last;
    private int copies;

    PassedToken(RingContext context, NodeId successor) {
        this.context = context;
        this.successor = successor;
        last = new LastToken(context.timing().tokenRetransmit().toNanos());
    }

    /**
     * Passes a token on.
     *
     * @param rotationNanos the usual rotation time, 0 if not known
     */
    void pass(ProtocolMessage token, long rotationNanos, boolean isIdle) {
        copies = 0;
        context.arm(TimerKind.TOKEN_RETRANSMIT, last.passed(token, rotationNanos, isIdle));
        context.unicast(successor, token);
    }

    /** The time for a copy has come. */
    void resend() {
        last.copy().ifPresent(token -> {
            copies++;
            context.observer().counted(RingCounter.TOKENS_RESENT, 1);
            context.unicast(successor, token);
            context.arm(TimerKind.TOKEN_RETRANSMIT, last.nextDelayNanos());
        });
    }

    /** There is evidence that it arrived. */
    void arrived() {
        last.arrived();
        context.timers().cancel(TimerKind.TOKEN_RETRANSMIT);
    }

    /** How many were sent of the token that was passed on last. */
    int copies() {
        return copies;
    }
}

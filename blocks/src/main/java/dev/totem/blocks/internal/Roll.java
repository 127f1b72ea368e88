/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.core.NodeId;
import dev.totem.core.Position;

/** Keeps the roll of those who have the state, as the order says, and hands it to those who lack it, if that is for this member. One thread. */
final class Roll {

    private final NodeId self;
    private final Transfers transfers;
    private final Comparison comparison;

    Roll(NodeId self, Transfers transfers, Comparison comparison) {
        this.self = self;
        this.transfers = transfers;
        this.comparison = comparison;
    }

    /**
     * Somebody comes, goes, gets the state or loses it.
     *
     * @param known with what is said in it, if that is an entry
     * @param isRegular whether this member still is in the regular configuration, in which it was said
     */
    void hear(Round current, Log known, Position at, Frame frame, boolean isRegular) {
        boolean wasDonor = current.isDonor(self);
        if (frame instanceof Frame.Exchange exchange && exchange.ring().equals(current.ring())) {
            current.exchanged(exchange);
            current.heard(exchange.member());
            if (!current.isInState(exchange.member()) && current.isDonor(self) && isRegular) {
                transfers.serve(exchange, current.ring(), at, current.inState(), known);
            }
        } else if (frame instanceof Frame.InState inState) {
            current.entered(inState.member());
        } else if (frame instanceof Frame.Leave leave) {
            current.left(leave.member());
            comparison.left(leave.member());
            if (!wasDonor) {
                serveAll(current, known, at, isRegular);
            }
        } else if (frame instanceof Frame.Diverged diverged && diverged.ring().equals(current.ring())) {
            current.fell(diverged.member());
            comparison.left(diverged.member());
            if (!wasDonor) {
                serveAll(current, known, at, isRegular);
            }
        }
    }

    /** To all that lack it. */
    void serveAll(Round current, Log known, Position cut, boolean isRegular) {
        if (current.isDonor(self) && isRegular) {
            current.behind()
                    .forEach(exchange -> transfers.serve(exchange, current.ring(), cut, current.inState(), known));
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.ConfigChange;
import dev.totem.core.GroupChange;
import dev.totem.core.Position;
import org.jspecify.annotations.Nullable;

/** Keeps the roll of those who have the state, as the order says, and hands it to those who lack it, if that is for this member. One thread. */
final class Roll {

    private final Member self;
    private final Transfers transfers;
    private final Comparison comparison;
    private Attendance attendance = Attendance.NONE;

    Roll(Member self, Transfers transfers, Comparison comparison) {
        this.self = self;
        this.transfers = transfers;
        this.comparison = comparison;
    }

    /** A configuration that may decide begins. */
    Round begin(ConfigChange change) {
        return new Round(change.ring(), change.members(), attendance.members());
    }

    /** Somebody got a replica, or is gone with it. */
    void attended(GroupChange change, @Nullable Round current) {
        Attendance before = attendance;
        attendance = Attendance.of(change);
        before.members().stream()
                .filter(member -> !attendance.members().contains(member))
                .forEach(gone -> {
                    transfers.stop(gone);
                    comparison.left(gone);
                });
        if (current != null) {
            current.attended(attendance);
        }
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

    /** To all that lack it; whoever is served already goes on. */
    void serveAll(Round current, Log known, Position cut, boolean isRegular) {
        if (current.isDonor(self) && isRegular) {
            current.behind()
                    .forEach(exchange -> transfers.serve(exchange, current.ring(), cut, current.inState(), known));
        }
    }
}

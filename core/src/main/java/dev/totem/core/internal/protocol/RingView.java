/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.membership.RingMembers;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.ordering.RingOrder;
import java.util.List;
import java.util.Optional;

/**
 * The variables of {@code PROTOCOL.md} 3.1 as they are after a step, for {@link StepWitness}. Immutable, any thread.
 *
 * @param self whose they are
 * @param round of a processor that has left its ring: Gather, Commit, Recovery
 * @param order of a processor that takes part in a ring: Recovery, Operational
 * @param leaseUntilNanos when its lease ends, by its own clock; 0 if it has none
 */
public record RingView(
        Origin self, RingPhase phase, Optional<RoundView> round, Optional<OrderView> order, long leaseUntilNanos) {

    /** Of a processor without a lease. */
    public RingView(Origin self, RingPhase phase, Optional<RoundView> round, Optional<OrderView> order) {
        this(self, phase, round, order, PrimaryLease.NONE);
    }

    /**
     * The search for the next ring.
     *
     * @param oldRing my_old_ring_id
     * @param proc my_proc
     * @param fail my_fail
     */
    public record RoundView(RingId oldRing, List<NodeId> proc, List<NodeId> fail) {

        static Optional<RoundView> of(Round round) {
            return Optional.of(new RoundView(
                    round.old().ring(), round.sets().proc(), round.sets().fail()));
        }
    }

    /**
     * The order of one ring.
     *
     * @param members my_new_memb, or my_memb once it is installed
     * @param aru my_aru
     * @param highReceived my_high_seq_received
     * @param released everything up to here has been freed
     * @param consumed everything up to here is not needed here any more: delivered, or unwrapped in recovery
     * @param safeLine every member is known to hold everything up to here
     * @param tokenSeq my_token_seq, -1 before the first token
     * @param lastAru my_last_aru: of the token accepted last, as received
     * @param sentLastRotation my_trc: what is in the token's fcc on account of this processor
     * @param backlogReported my_pbl: what is in the token's backlog on account of this processor
     * @param installSeq my_install_seq in Recovery once it is known, else -1
     */
    public record OrderView(
            RingId ring,
            List<Origin> members,
            long aru,
            long highReceived,
            long released,
            long consumed,
            long safeLine,
            long tokenSeq,
            long lastAru,
            int sentLastRotation,
            int backlogReported,
            long installSeq) {

        static Optional<OrderView> of(RingMembers members, RingOrder order, long consumed, long installSeq) {
            return Optional.of(new OrderView(
                    order.ring(),
                    members.origins(),
                    order.store().aru(),
                    order.store().highReceived(),
                    order.store().released(),
                    consumed,
                    order.safeLine().seq(),
                    order.tokenSeq(),
                    order.lastAru(),
                    order.sentLastRotation(),
                    order.backlogReported(),
                    installSeq));
        }
    }
}

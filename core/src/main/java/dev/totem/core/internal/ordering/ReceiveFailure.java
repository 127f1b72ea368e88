/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.RegularToken;
import java.util.Optional;

/**
 * Whether another member fails to receive ({@code PROTOCOL.md} 3.9 and 4.7): its aru has not moved for a number of visits
 * and for a time. Node loop only; one per ring.
 *
 * <p>The paper's rule: the others accuse it, and nobody accuses itself. Where they do not, what this processor misses is
 * nowhere: after {@value #PATIENCE} times as long it names itself, which excludes nobody and ends the ring. The time keeps a fast rotation from running out of
 * visits during a short disturbance.
 */
public final class ReceiveFailure {

    private static final int PATIENCE = 2;

    private final NodeId self;
    private final int visitsMax;
    private final long floorNanos;
    private long aru = -1;
    private int visits;
    private long sinceNanos;

    public ReceiveFailure(NodeId self, int failRecvConst, long floorNanos) {
        this.self = self;
        visitsMax = failRecvConst;
        this.floorNanos = floorNanos;
    }

    /** A token was accepted and is forwarded as given; the member to exclude, if it is time. */
    public Optional<NodeId> visited(RegularToken forwarded, long nowNanos) {
        if (forwarded.aru() != aru || forwarded.aruOwner().isEmpty()) {
            aru = forwarded.aru();
            visits = 0;
            sinceNanos = nowNanos;
            return Optional.empty();
        }
        visits++;
        Optional<NodeId> owner = forwarded.aruOwner();
        long waitNanos = owner.filter(self::equals).isPresent() ? PATIENCE * floorNanos : floorNanos;
        return visits > visitsMax && nowNanos - sinceNanos >= waitNanos ? owner : Optional.empty();
    }
}

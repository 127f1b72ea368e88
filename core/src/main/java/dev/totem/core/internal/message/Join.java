/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.NodeId;
import java.util.List;

/**
 * A proposal of the next membership ({@code PROTOCOL.md} 2.4).
 *
 * @param proc candidates, ascending, the sender among them
 * @param fail candidates given up on, ascending, a subset of {@code proc}
 * @param ringSeq number of the ring the sender belongs to or last tried to form
 * @param rotations commit and recovery tokens the sender has forwarded while trying the same membership: the thesis'
 *     termination rule ({@code PROTOCOL.md} 3.4)
 * @param heard whose announcements the sender heard of late, ascending: proof of two-way links. Ours
 * @param profile what the sender says of itself. Ours
 * @param causes what the sender knows of why there is a search, ascending. Ours
 */
public record Join(
        Origin origin,
        List<NodeId> proc,
        List<NodeId> fail,
        long ringSeq,
        int rotations,
        List<NodeId> heard,
        Profile profile,
        List<CauseFact> causes)
        implements ProtocolMessage {

    public Join {
        proc = List.copyOf(proc);
        fail = List.copyOf(fail);
        heard = List.copyOf(heard);
        causes = List.copyOf(causes);
    }

    /** A Join of a sender that knows of no cause. */
    public Join(
            Origin origin,
            List<NodeId> proc,
            List<NodeId> fail,
            long ringSeq,
            int rotations,
            List<NodeId> heard,
            Profile profile) {
        this(origin, proc, fail, ringSeq, rotations, heard, profile, List.of());
    }

    /** A Join of a sender that has heard nobody of late and tells nothing of itself. */
    public Join(Origin origin, List<NodeId> proc, List<NodeId> fail, long ringSeq, int rotations) {
        this(origin, proc, fail, ringSeq, rotations, List.of(), Profile.UNTOLD);
    }

    /** The membership it proposes: proc without fail, ascending. */
    public List<NodeId> members() {
        return proc.stream().filter(node -> !fail.contains(node)).toList();
    }

    @Override
    public <R> R dispatch(MessageHandler<R> handler) {
        return handler.join(this);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import java.util.List;

/**
 * An idle ring makes itself known to others ({@code PROTOCOL.md} 2.6).
 *
 * @param members of the ring, ascending, the sender among them. Ours
 * @param heard whose announcements the sender heard of late, ascending: proof of two-way links. Ours
 */
public record MergeDetect(Origin origin, RingId ring, List<NodeId> members, List<NodeId> heard)
        implements ProtocolMessage {

    public MergeDetect {
        members = List.copyOf(members);
        heard = List.copyOf(heard);
    }

    /** Of a ring of one that has heard nobody of late. */
    public MergeDetect(Origin origin, RingId ring) {
        this(origin, ring, List.of(origin.node()), List.of());
    }

    @Override
    public <R> R dispatch(MessageHandler<R> handler) {
        return handler.mergeDetect(this);
    }
}

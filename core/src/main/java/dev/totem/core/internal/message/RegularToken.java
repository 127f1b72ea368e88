/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import java.util.List;
import java.util.Optional;

/**
 * The token that orders, acknowledges, requests retransmission and limits the flow ({@code PROTOCOL.md} 2.3).
 *
 * @param origin who forwarded it
 * @param seq the highest number assigned on the ring
 * @param tokenSeq grows by one per hop; a copy at or below the last accepted is a duplicate
 * @param aru low-water mark of what all members have received, -1 on a ring's first token
 * @param aruOwner who holds the mark below {@code seq}; empty if nobody does
 * @param backlog frames waiting at all members
 * @param fcc frames sent by all members in the last rotation
 * @param retransFlag during recovery: somebody still has old messages to send
 * @param retransmitRequests missing numbers of this ring, at most {@link #REQUESTS_MAX}
 */
public record RegularToken(
        Origin origin,
        RingId ring,
        long seq,
        long tokenSeq,
        long aru,
        Optional<NodeId> aruOwner,
        int backlog,
        int fcc,
        boolean retransFlag,
        List<Long> retransmitRequests)
        implements ProtocolMessage {

    /** How many missing messages one token can name; they fit beside the fixed part in the smallest frame. */
    public static final int REQUESTS_MAX = 48;

    public RegularToken {
        retransmitRequests = List.copyOf(retransmitRequests);
    }

    /** The first token of a ring, as its representative makes it ({@code PROTOCOL.md} 3.6 step 5). */
    public static RegularToken first(Origin representative, RingId ring, boolean retransFlag) {
        return new RegularToken(
                representative, ring, 0, 0, -1, Optional.of(representative.node()), 0, 0, retransFlag, List.of());
    }

    /** The same token with the recovery flag up or down. */
    public RegularToken withRetransFlag(boolean up) {
        return new RegularToken(origin, ring, seq, tokenSeq, aru, aruOwner, backlog, fcc, up, retransmitRequests);
    }

    /** The same token with other sums of what was sent and of what waits. */
    public RegularToken withSums(int sent, int waiting) {
        return sent == fcc && waiting == backlog
                ? this
                : new RegularToken(
                        origin, ring, seq, tokenSeq, aru, aruOwner, waiting, sent, retransFlag, retransmitRequests);
    }

    @Override
    public <R> R dispatch(MessageHandler<R> handler) {
        return handler.regularToken(this);
    }
}

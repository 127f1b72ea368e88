/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.protocol.RingView;
import dev.totem.core.internal.protocol.RingView.OrderView;
import dev.totem.core.internal.protocol.RingView.RoundView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Steps that no machine has taken, of the members 1, 2 and 3 of one ring. */
final class Forged {

    static final RingId RING = new RingId(NodeId.of(1), 8);
    static final RingId OLD = new RingId(NodeId.of(1), 4);
    static final List<Origin> MEMBERS = List.of(origin(1), origin(2), origin(3));

    /** A member that has not received anything; the tests change what they are about. */
    static final OrderView FRESH = new OrderView(RING, MEMBERS, 0, 0, 0, 0, -1, -1, -1, 0, 0, -1);

    private Forged() {}

    static Origin origin(int node) {
        return new Origin(NodeId.of(node), 100 + node);
    }

    static List<NodeId> nodes(int... ids) {
        return IntStream.of(ids).mapToObj(NodeId::of).toList();
    }

    static OrderView received(long aru, long released, long consumed, long safeLine) {
        return new OrderView(RING, MEMBERS, aru, aru, released, consumed, safeLine, -1, -1, 0, 0, -1);
    }

    static OrderView visited(long aru, long tokenSeq, long lastAru) {
        return new OrderView(RING, MEMBERS, aru, aru, 0, aru, -1, tokenSeq, lastAru, 0, 0, -1);
    }

    static OrderView counted(int sent, int backlog) {
        return new OrderView(RING, MEMBERS, 0, 0, 0, 0, -1, -1, -1, sent, backlog, -1);
    }

    static OrderView of(List<Origin> members) {
        return new OrderView(RING, members, 0, 0, 0, 0, -1, -1, -1, 0, 0, -1);
    }

    static OrderView installing(long installSeq) {
        return new OrderView(RING, MEMBERS, 0, 0, 0, 0, -1, -1, -1, 0, 0, installSeq);
    }

    static RegularToken token(long tokenSeq, long seq, long aru) {
        return new RegularToken(origin(1), RING, seq, tokenSeq, aru, Optional.empty(), 0, 0, false, List.of());
    }

    static RegularToken counting(long tokenSeq, int backlog, int fcc) {
        return new RegularToken(origin(1), RING, 0, tokenSeq, 0, Optional.empty(), backlog, fcc, false, List.of());
    }

    static RegularMessage message(int sender, RingId ring, long seq) {
        return new RegularMessage(origin(sender), ring, seq, Guarantee.AGREED, ByteBuffer.wrap(new byte[] {1}));
    }

    static Input accepted(ProtocolMessage message) {
        return new Input.Received(message);
    }

    static Effect passes(RegularToken token) {
        return new Effect.Unicast(NodeId.of(2), token);
    }

    static RingView on(int node, RingPhase phase, OrderView order) {
        return new RingView(origin(node), phase, Optional.empty(), Optional.of(order));
    }

    static RingView gathering(int node, RingId old, List<NodeId> proc, List<NodeId> fail) {
        return new RingView(
                origin(node), RingPhase.GATHER, Optional.of(new RoundView(old, proc, fail)), Optional.empty());
    }
}

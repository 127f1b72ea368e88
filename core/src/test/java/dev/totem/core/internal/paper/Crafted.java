/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.paper;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.membership.SharedSetting;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.settings.NodeSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Messages as a test writes them down: node n is in its first life unless said otherwise. */
public final class Crafted {

    private Crafted() {}

    public static NodeId id(int node) {
        return NodeId.of(node);
    }

    public static List<NodeId> ids(int... nodes) {
        return IntStream.of(nodes).mapToObj(NodeId::of).toList();
    }

    public static Origin origin(int node) {
        return new Origin(id(node), 1);
    }

    public static Origin origin(int node, long life) {
        return new Origin(id(node), life);
    }

    public static List<Origin> origins(int... nodes) {
        return IntStream.of(nodes).mapToObj(Crafted::origin).toList();
    }

    public static RingId ring(int representative, long seq) {
        return new RingId(id(representative), seq);
    }

    public static RegularMessage message(int from, RingId ring, long seq) {
        return message(from, ring, seq, Guarantee.AGREED);
    }

    public static RegularMessage safe(int from, RingId ring, long seq) {
        return message(from, ring, seq, Guarantee.SAFE);
    }

    private static RegularMessage message(int from, RingId ring, long seq, Guarantee guarantee) {
        return new RegularMessage(origin(from), ring, seq, guarantee, packet("m" + seq));
    }

    public static ByteBuffer packet(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    public static String text(RegularMessage message) {
        return StandardCharsets.UTF_8.decode(message.packet().duplicate()).toString();
    }

    public static List<Long> seqs(long... seqs) {
        return LongStream.of(seqs).boxed().toList();
    }

    public static Join join(int from, List<NodeId> proc, List<NodeId> fail, long ringSeq) {
        return new Join(
                origin(from), proc, fail, ringSeq, 0, List.of(), SharedSetting.profile(NodeSettings.defaults()));
    }

    public static CommitEntry entry(int member, RingId old, long aru, long highDelivered, boolean received) {
        return new CommitEntry(origin(member), old, aru, highDelivered, received);
    }

    /** A token of a ring with nothing on it, which the first node of the ring passes on as hop 0. */
    public static TokenDraft token(RingId ring) {
        return new TokenDraft(RegularToken.first(new Origin(ring.representative(), 1), ring, false)).aru(0, 0);
    }

    /** A token that is still being written. */
    public record TokenDraft(RegularToken token) {

        public TokenDraft from(int node) {
            return from(origin(node));
        }

        public TokenDraft from(Origin origin) {
            return new TokenDraft(new RegularToken(
                    origin,
                    token.ring(),
                    token.seq(),
                    token.tokenSeq(),
                    token.aru(),
                    token.aruOwner(),
                    token.backlog(),
                    token.fcc(),
                    token.retransFlag(),
                    token.retransmitRequests()));
        }

        public TokenDraft seq(long seq) {
            return new TokenDraft(new RegularToken(
                    token.origin(),
                    token.ring(),
                    seq,
                    token.tokenSeq(),
                    token.aru(),
                    token.aruOwner(),
                    token.backlog(),
                    token.fcc(),
                    token.retransFlag(),
                    token.retransmitRequests()));
        }

        public TokenDraft hop(long tokenSeq) {
            return new TokenDraft(new RegularToken(
                    token.origin(),
                    token.ring(),
                    token.seq(),
                    tokenSeq,
                    token.aru(),
                    token.aruOwner(),
                    token.backlog(),
                    token.fcc(),
                    token.retransFlag(),
                    token.retransmitRequests()));
        }

        /** Writes down the mark; owner 0 is nobody. */
        public TokenDraft aru(long aru, int owner) {
            return new TokenDraft(new RegularToken(
                    token.origin(),
                    token.ring(),
                    token.seq(),
                    token.tokenSeq(),
                    aru,
                    owner == 0 ? Optional.empty() : Optional.of(id(owner)),
                    token.backlog(),
                    token.fcc(),
                    token.retransFlag(),
                    token.retransmitRequests()));
        }

        public TokenDraft flow(int backlog, int fcc) {
            return new TokenDraft(new RegularToken(
                    token.origin(),
                    token.ring(),
                    token.seq(),
                    token.tokenSeq(),
                    token.aru(),
                    token.aruOwner(),
                    backlog,
                    fcc,
                    token.retransFlag(),
                    token.retransmitRequests()));
        }

        public TokenDraft flag(boolean up) {
            return new TokenDraft(token.withRetransFlag(up));
        }

        public TokenDraft requests(long... seqs) {
            return requests(seqs(seqs));
        }

        public TokenDraft requests(List<Long> seqs) {
            return new TokenDraft(new RegularToken(
                    token.origin(),
                    token.ring(),
                    token.seq(),
                    token.tokenSeq(),
                    token.aru(),
                    token.aruOwner(),
                    token.backlog(),
                    token.fcc(),
                    token.retransFlag(),
                    seqs));
        }
    }
}

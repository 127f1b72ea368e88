/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularToken;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** The token of a ring ({@code PROTOCOL.md} 2.3). Any thread. */
final class RegularTokenCodec {

    private static final int FIXED_BYTES =
            WireFields.RING_BYTES + 3 * Long.BYTES + WireFields.NODE_BYTES + 3 * Integer.BYTES + Byte.BYTES;

    private static final int NOBODY = 0;

    private RegularTokenCodec() {}

    static int bytes(RegularToken token) {
        return bytes(token.retransmitRequests().size());
    }

    static int bytes(int requests) {
        return FrameHeader.BYTES + FIXED_BYTES + requests * Long.BYTES;
    }

    static ByteBuffer encode(RegularToken token, ByteBuffer target) {
        WireFields.requireSendable(isValid(token), token);
        FrameHeader.put(target, FrameHeader.REGULAR_TOKEN, token.origin(), bytes(token));
        WireFields.putRing(target, token.ring());
        target.putLong(token.seq()).putLong(token.tokenSeq()).putLong(token.aru());
        target.putInt(token.aruOwner().map(NodeId::value).orElse(NOBODY));
        target.putInt(token.backlog()).putInt(token.fcc());
        WireFields.putFlag(target, token.retransFlag());
        target.putInt(token.retransmitRequests().size());
        for (Long request : token.retransmitRequests()) {
            target.putLong(request);
        }
        return target;
    }

    static RegularToken decode(Origin origin, ByteBuffer in) throws MalformedMessageException {
        WireFields.requireAtLeast(in, FIXED_BYTES);
        RingId ring = WireFields.getRing(in);
        long seq = in.getLong();
        long tokenSeq = in.getLong();
        long aru = in.getLong();
        Optional<NodeId> aruOwner = getOwner(in);
        int backlog = in.getInt();
        int fcc = in.getInt();
        boolean retransFlag = WireFields.getFlag(in);
        List<Long> requests = getRequests(in);
        RegularToken token =
                new RegularToken(origin, ring, seq, tokenSeq, aru, aruOwner, backlog, fcc, retransFlag, requests);
        return WireFields.requireValid(isValid(token), token);
    }

    private static Optional<NodeId> getOwner(ByteBuffer in) throws MalformedMessageException {
        int value = in.getInt();
        return value == NOBODY ? Optional.empty() : Optional.of(WireFields.node(value));
    }

    private static List<Long> getRequests(ByteBuffer in) throws MalformedMessageException {
        int count = WireFields.getCount(in, RegularToken.REQUESTS_MAX);
        WireFields.requireExactly(in, count * Long.BYTES);
        Long[] requests = new Long[count];
        for (int i = 0; i < count; i++) {
            requests[i] = in.getLong();
        }
        return List.of(requests);
    }

    private static boolean isValid(RegularToken token) {
        return WireFields.isRing(token.ring())
                && token.seq() >= 0
                && token.tokenSeq() >= 0
                && token.aru() >= -1
                && token.aru() <= token.seq()
                && token.backlog() >= 0
                && token.fcc() >= 0
                && areAssigned(token.retransmitRequests(), token.seq());
    }

    private static boolean areAssigned(List<Long> requests, long seq) {
        if (requests.size() > RegularToken.REQUESTS_MAX) {
            return false;
        }
        for (Long request : requests) {
            if (request < 1 || request > seq) {
                return false;
            }
        }
        return true;
    }
}

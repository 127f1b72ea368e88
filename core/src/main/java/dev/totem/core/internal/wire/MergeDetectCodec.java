/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import java.nio.ByteBuffer;

/** A ring's announcement, with its members and whom the sender hears ({@code PROTOCOL.md} 2.6). Any thread. */
final class MergeDetectCodec {

    private static final int FIXED_BYTES = WireFields.RING_BYTES + 2 * Integer.BYTES;

    private MergeDetectCodec() {}

    static int bytes(MergeDetect detect) {
        return bytes(detect.members().size() + detect.heard().size());
    }

    static int bytes(int nodes) {
        return FrameHeader.BYTES + FIXED_BYTES + nodes * WireFields.NODE_BYTES;
    }

    static ByteBuffer encode(MergeDetect detect, ByteBuffer target) {
        WireFields.requireSendable(isValid(detect), detect);
        FrameHeader.put(target, FrameHeader.MERGE_DETECT, detect.origin(), bytes(detect));
        WireFields.putRing(target, detect.ring());
        target.putInt(detect.members().size()).putInt(detect.heard().size());
        WireFields.putNodes(target, detect.members());
        WireFields.putNodes(target, detect.heard());
        return target;
    }

    static MergeDetect decode(Origin origin, ByteBuffer in) throws MalformedMessageException {
        WireFields.requireAtLeast(in, FIXED_BYTES);
        RingId ring = WireFields.getRing(in);
        int members = WireFields.getCount(in, CommitToken.MEMBERS_MAX);
        int heard = WireFields.getCount(in, CommitToken.MEMBERS_MAX);
        WireFields.requireExactly(in, (members + heard) * WireFields.NODE_BYTES);
        MergeDetect detect =
                new MergeDetect(origin, ring, WireFields.getNodes(in, members), WireFields.getNodes(in, heard));
        return WireFields.requireValid(isValid(detect), detect);
    }

    private static boolean isValid(MergeDetect detect) {
        return WireFields.isRing(detect.ring())
                && detect.members().size() <= CommitToken.MEMBERS_MAX
                && detect.heard().size() <= CommitToken.MEMBERS_MAX
                && WireFields.isAscending(detect.members())
                && WireFields.isAscending(detect.heard())
                && WireFields.contains(detect.members(), detect.origin().node());
    }
}

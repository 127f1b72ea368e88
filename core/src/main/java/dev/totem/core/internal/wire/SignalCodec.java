/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Origin;
import java.nio.ByteBuffer;

/** A message that names a ring and nothing else ({@code PROTOCOL.md} 2.7). Any thread. */
final class SignalCodec {

    static final int BYTES = FrameHeader.BYTES + WireFields.RING_BYTES;

    private SignalCodec() {}

    static ByteBuffer encode(HoldCancel cancel, ByteBuffer target) {
        WireFields.requireSendable(WireFields.isRing(cancel.ring()), cancel);
        FrameHeader.put(target, FrameHeader.HOLD_CANCEL, cancel.origin(), BYTES);
        WireFields.putRing(target, cancel.ring());
        return target;
    }

    static HoldCancel decodeHoldCancel(Origin origin, ByteBuffer in) throws MalformedMessageException {
        return new HoldCancel(origin, decodeRing(in));
    }

    private static RingId decodeRing(ByteBuffer in) throws MalformedMessageException {
        WireFields.requireExactly(in, WireFields.RING_BYTES);
        RingId ring = WireFields.getRing(in);
        return WireFields.requireValid(WireFields.isRing(ring), ring);
    }
}

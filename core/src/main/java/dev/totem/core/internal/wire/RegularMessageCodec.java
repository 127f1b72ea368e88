/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.Guarantee;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import java.nio.ByteBuffer;

/** Ordered messages: a packet of application data, and the same wrapped for another ring. Any thread. */
final class RegularMessageCodec {

    private static final int PLACE_BYTES = WireFields.RING_BYTES + Long.BYTES;

    /** What a regular message is longer than its packet. */
    static final int HEADER_BYTES = FrameHeader.BYTES + PLACE_BYTES + Byte.BYTES;

    /** What a recovered message is longer than the regular message in it. */
    static final int WRAPPER_BYTES = FrameHeader.BYTES + PLACE_BYTES;

    private RegularMessageCodec() {}

    static int bytes(RegularMessage message) {
        return HEADER_BYTES + message.packet().remaining();
    }

    static int bytes(RecoveredMessage message) {
        return WRAPPER_BYTES + bytes(message.inner());
    }

    static ByteBuffer encode(RegularMessage message, ByteBuffer target) {
        WireFields.requireSendable(isValid(message), message);
        FrameHeader.put(target, FrameHeader.REGULAR_MESSAGE, message.origin(), bytes(message));
        putPlace(target, message.ring(), message.seq());
        target.put(code(message.guarantee()));
        ByteBuffer packet = message.packet();
        int length = packet.remaining();
        target.put(target.position(), packet, packet.position(), length);
        return target.position(target.position() + length);
    }

    static ByteBuffer encode(RecoveredMessage message, ByteBuffer target) {
        WireFields.requireSendable(isValid(message), message);
        FrameHeader.put(target, FrameHeader.RECOVERED_MESSAGE, message.origin(), bytes(message));
        putPlace(target, message.ring(), message.seq());
        return encode(message.inner(), target);
    }

    static RegularMessage decode(Origin origin, ByteBuffer in) throws MalformedMessageException {
        WireFields.requireAtLeast(in, PLACE_BYTES + Byte.BYTES);
        RingId ring = WireFields.getRing(in);
        long seq = in.getLong();
        Guarantee guarantee = guarantee(in.get());
        ByteBuffer packet = in.slice();
        in.position(in.limit());
        RegularMessage message = new RegularMessage(origin, ring, seq, guarantee, packet);
        return WireFields.requireValid(isValid(message), message);
    }

    static RecoveredMessage decodeRecovered(Origin origin, ByteBuffer in) throws MalformedMessageException {
        WireFields.requireAtLeast(in, PLACE_BYTES);
        RingId ring = WireFields.getRing(in);
        long seq = in.getLong();
        if (FrameHeader.getType(in) != FrameHeader.REGULAR_MESSAGE) {
            throw MalformedMessageException.TYPE;
        }
        RegularMessage inner = decode(WireFields.getOrigin(in), in);
        RecoveredMessage message = new RecoveredMessage(origin, ring, seq, inner);
        return WireFields.requireValid(isValid(message), message);
    }

    private static void putPlace(ByteBuffer target, RingId ring, long seq) {
        WireFields.putRing(target, ring);
        target.putLong(seq);
    }

    private static boolean isValid(RegularMessage message) {
        return isPlace(message.ring(), message.seq()) && message.packet().hasRemaining();
    }

    /** The ring being formed has a higher number than any that its members come from ({@code PROTOCOL.md} 2.8). */
    private static boolean isValid(RecoveredMessage message) {
        return isPlace(message.ring(), message.seq())
                && isValid(message.inner())
                && message.inner().ring().seq() < message.ring().seq();
    }

    private static boolean isPlace(RingId ring, long seq) {
        return WireFields.isRing(ring) && seq >= 1;
    }

    private static byte code(Guarantee guarantee) {
        return switch (guarantee) {
            case FIFO -> 0;
            case AGREED -> 1;
            case SAFE -> 2;
        };
    }

    private static Guarantee guarantee(byte code) throws MalformedMessageException {
        return switch (code) {
            case 0 -> Guarantee.FIFO;
            case 1 -> Guarantee.AGREED;
            case 2 -> Guarantee.SAFE;
            default -> throw MalformedMessageException.FIELD;
        };
    }
}

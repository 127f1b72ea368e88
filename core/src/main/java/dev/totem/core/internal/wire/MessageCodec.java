/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.internal.message.CauseFact;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.MessageHandler;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Protocol messages as bytes, and back: the plaintext of a sealed frame, one message a frame ({@code docs/WIRE.md}).
 *
 * <p>Any thread; keeps nothing. A message has exactly one encoding, and what is decoded satisfies the contracts of the
 * message types, so the machine need not look for values that cannot be. Encoding checks the same rules.
 */
public final class MessageCodec {

    /** What a {@link RegularMessage} is longer than its packet, bytes. */
    public static final int REGULAR_HEADER_BYTES = RegularMessageCodec.HEADER_BYTES;

    /** What a {@link RecoveredMessage} is longer than the encoded message in it, bytes: room every packet leaves free. */
    public static final int RECOVERED_HEADER_BYTES = RegularMessageCodec.WRAPPER_BYTES;

    /** The longest {@link RegularToken}, bytes; fits in a packet of 576 bytes. */
    public static final int REGULAR_TOKEN_BYTES_MAX = RegularTokenCodec.bytes(RegularToken.REQUESTS_MAX);

    /** The longest {@link Join}, bytes: the largest ring, all given up on and heard. A {@link Leave} is shorter. */
    public static final int JOIN_BYTES_MAX =
            JoinCodec.joinBytes(3 * CommitToken.MEMBERS_MAX, Profile.SETTINGS_MAX, CauseFact.FACTS_MAX);

    /** The longest {@link CommitToken}, bytes, and the longest message without a packet: the largest ring. */
    public static final int COMMIT_TOKEN_BYTES_MAX =
            CommitTokenCodec.bytes(CommitToken.MEMBERS_MAX, CommitToken.MEMBERS_MAX);

    /** The longest message of all: what the largest datagram carries. */
    public static final int MESSAGE_BYTES_MAX = 65_507;

    private static final MessageHandler<Integer> LENGTH = new Length();

    /** The length of a message's encoding, bytes. */
    public int encodedBytes(ProtocolMessage message) {
        return message.dispatch(LENGTH);
    }

    /**
     * Writes a message at the target's position, in network order whatever order the target had.
     *
     * @throws java.nio.BufferOverflowException if fewer than {@link #encodedBytes} are left; nothing was written
     * @throws IllegalArgumentException if {@link #decode} would refuse the message; nothing was written
     */
    public void encode(ProtocolMessage message, ByteBuffer target) {
        message.dispatch(new Encoder(target.order(ByteOrder.BIG_ENDIAN)));
    }

    /**
     * Reads the message that the buffer holds from position to limit, in network order whatever order the buffer had.
     *
     * <p>The packet of a {@link RegularMessage} is a view of the buffer, which must not be written after.
     *
     * @param plaintext consumed; its position is anywhere if it is refused
     * @throws MalformedMessageException if these bytes are not exactly one message; nothing else is ever thrown
     */
    public ProtocolMessage decode(ByteBuffer plaintext) throws MalformedMessageException {
        ByteBuffer in = plaintext.order(ByteOrder.BIG_ENDIAN);
        byte type = FrameHeader.getType(in);
        Origin origin = WireFields.getOrigin(in);
        return switch (type) {
            case FrameHeader.REGULAR_MESSAGE -> RegularMessageCodec.decode(origin, in);
            case FrameHeader.RECOVERED_MESSAGE -> RegularMessageCodec.decodeRecovered(origin, in);
            case FrameHeader.REGULAR_TOKEN -> RegularTokenCodec.decode(origin, in);
            case FrameHeader.COMMIT_TOKEN -> CommitTokenCodec.decode(origin, in);
            case FrameHeader.JOIN -> JoinCodec.decodeJoin(origin, in);
            case FrameHeader.LEAVE -> JoinCodec.decodeLeave(origin, in);
            case FrameHeader.MERGE_DETECT -> MergeDetectCodec.decode(origin, in);
            case FrameHeader.HOLD_CANCEL -> SignalCodec.decodeHoldCancel(origin, in);
            default -> throw MalformedMessageException.TYPE;
        };
    }

    private record Length() implements MessageHandler<Integer> {

        @Override
        public Integer regularMessage(RegularMessage message) {
            return RegularMessageCodec.bytes(message);
        }

        @Override
        public Integer recoveredMessage(RecoveredMessage message) {
            return RegularMessageCodec.bytes(message);
        }

        @Override
        public Integer regularToken(RegularToken token) {
            return RegularTokenCodec.bytes(token);
        }

        @Override
        public Integer commitToken(CommitToken token) {
            return CommitTokenCodec.bytes(token);
        }

        @Override
        public Integer join(Join join) {
            return JoinCodec.bytes(join);
        }

        @Override
        public Integer leave(Leave leave) {
            return JoinCodec.bytes(leave);
        }

        @Override
        public Integer mergeDetect(MergeDetect detect) {
            return MergeDetectCodec.bytes(detect);
        }

        @Override
        public Integer holdCancel(HoldCancel cancel) {
            return SignalCodec.BYTES;
        }
    }

    private record Encoder(ByteBuffer target) implements MessageHandler<ByteBuffer> {

        @Override
        public ByteBuffer regularMessage(RegularMessage message) {
            return RegularMessageCodec.encode(message, target);
        }

        @Override
        public ByteBuffer recoveredMessage(RecoveredMessage message) {
            return RegularMessageCodec.encode(message, target);
        }

        @Override
        public ByteBuffer regularToken(RegularToken token) {
            return RegularTokenCodec.encode(token, target);
        }

        @Override
        public ByteBuffer commitToken(CommitToken token) {
            return CommitTokenCodec.encode(token, target);
        }

        @Override
        public ByteBuffer join(Join join) {
            return JoinCodec.encode(join, target);
        }

        @Override
        public ByteBuffer leave(Leave leave) {
            return JoinCodec.encode(leave, target);
        }

        @Override
        public ByteBuffer mergeDetect(MergeDetect detect) {
            return MergeDetectCodec.encode(detect, target);
        }

        @Override
        public ByteBuffer holdCancel(HoldCancel cancel) {
            return SignalCodec.encode(cancel, target);
        }
    }
}

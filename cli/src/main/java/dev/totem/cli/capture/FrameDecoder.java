/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import dev.totem.core.NodeId;
import dev.totem.core.internal.group.GroupEnvelope;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.packing.MessageBytes;
import dev.totem.core.internal.packing.Unpacker;
import dev.totem.core.internal.wire.LinkNotice;
import dev.totem.core.internal.wire.MalformedMessageException;
import dev.totem.core.internal.wire.MessageCodec;
import dev.totem.core.internal.wire.MessagePart;
import dev.totem.core.internal.wire.PartAssembly;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession.Opened;
import dev.totem.core.spi.SuiteName;
import dev.totem.security.CaptureOpener;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The frames of datagrams, opened and decoded. One thread; remembers the parts of messages that came in parts. */
final class FrameDecoder {

    /** The largest message of the format. */
    private static final int MESSAGE_BYTES_MAX = 64 << 20;

    private final Optional<CaptureOpener> opener;
    private final String cluster;
    private final MessageCodec codec = new MessageCodec();
    private final PartAssembly parts = new PartAssembly();

    /**
     * @param opener opens what is sealed; empty without a key
     * @param cluster the name that the opener was given
     */
    FrameDecoder(Optional<CaptureOpener> opener, String cluster) {
        this.opener = opener;
        this.cluster = cluster;
    }

    /** The frames of a datagram, in their order; never none. */
    List<DecodedFrame> decode(ByteBuffer datagram) {
        ByteBuffer frames = datagram.slice().order(ByteOrder.BIG_ENDIAN);
        List<DecodedFrame> decoded = new ArrayList<>();
        do {
            decoded.add(next(frames));
        } while (frames.hasRemaining());
        return decoded;
    }

    private DecodedFrame next(ByteBuffer frames) {
        int at = frames.position();
        int left = frames.remaining();
        int frameBytes = SealHeader.skipFrame(frames);
        if (frameBytes == SealHeader.NO_FRAME) {
            return DecodedFrame.wrong(noFrame(frames, at, left));
        }
        if (SealHeader.suiteAt(frames, at) == SuiteName.NONE.number()) {
            return plain(frames, at, frameBytes);
        }
        Head head = new Head(frames, at, CaptureOpener.receiverAt(frames, at));
        if (opener.isEmpty()) {
            return head.wrong(frameBytes + " bytes sealed with " + head.suite() + ", key " + head.key()
                    + ": --key FILE opens them");
        }
        Opened opened = opener.get().open(frames.slice(at, frameBytes).order(ByteOrder.BIG_ENDIAN));
        if (opened instanceof Opened.Frame frame) {
            return sealed(head, SealHeader.kindAt(frames, at), frame.plaintext());
        }
        OpenFailure reason = opened instanceof Opened.Refused refused ? refused.reason() : OpenFailure.MALFORMED;
        return head.wrong(refusal(reason, head));
    }

    /** The clear part of a frame. */
    private record Head(ByteBuffer frames, int at, int receiver) {

        String suite() {
            return SuiteName.describe(SealHeader.suiteAt(frames, at));
        }

        int key() {
            return SealHeader.keyIdAt(frames, at);
        }

        DecodedFrame wrong(String why) {
            return of(why, List.of(), true);
        }

        DecodedFrame of(String text, List<String> messages, boolean isWrong) {
            return new DecodedFrame(
                    Math.max(0, SealHeader.senderAt(frames, at)),
                    SealHeader.lifeAt(frames, at),
                    SealHeader.counterAt(frames, at),
                    Math.max(0, receiver),
                    suite(),
                    key(),
                    text,
                    messages,
                    isWrong);
        }
    }

    private static String noFrame(ByteBuffer frames, int at, int left) {
        if (left < SealHeader.BYTES) {
            return "no frame: " + left + " bytes, and a header has " + SealHeader.BYTES;
        }
        int start = frames.getShort(at) & 0xFFFF;
        if (start != 0xE501) {
            return String.format(
                    Locale.ROOT, "no frame: %d bytes that begin with %04x, and a frame begins with e501", left, start);
        }
        return "no frame: it says that it has " + (frames.getShort(at + 4) & 0xFFFF) + " bytes, and " + left
                + " are there";
    }

    private String refusal(OpenFailure reason, Head head) {
        return switch (reason) {
            case OTHER_CLUSTER -> "a frame of another cluster than " + cluster + ": --cluster names it";
            case OTHER_KEY -> "sealed with key " + head.key() + ", which the key file does not have";
            case OTHER_SUITE -> "sealed with suite " + head.suite() + ", which is not known here";
            case NOT_AUTHENTIC ->
                "not authentic: sealed with another key " + head.key() + " than that of the key file, or altered";
            default -> "a header with a field that has no meaning, or too few bytes behind it";
        };
    }

    private DecodedFrame plain(ByteBuffer frames, int at, int frameBytes) {
        Head head = new Head(frames, at, 0);
        return switch (SealHeader.kindAt(frames, at)) {
            case SealHeader.KIND_WHO -> head.of("Who: a link asks who is there", List.of(), false);
            case SealHeader.KIND_HERE -> head.of("Here: a link answers who it is", List.of(), false);
            case SealHeader.KIND_PROTOCOL ->
                protocol(head, frames.slice(at + SealHeader.BYTES, frameBytes - SealHeader.BYTES));
            default ->
                head.wrong("a frame of kind " + SealHeader.kindAt(frames, at) + ", which suite none does not have");
        };
    }

    private DecodedFrame sealed(Head head, byte kind, ByteBuffer plaintext) {
        if (kind == SealHeader.KIND_PROTOCOL) {
            return protocol(head, plaintext);
        }
        String life = plaintext.remaining() < Long.BYTES
                ? "?"
                : Long.toHexString(plaintext.order(ByteOrder.BIG_ENDIAN).getLong(plaintext.position()));
        return head.of(
                (kind == SealHeader.KIND_CHALLENGE ? "Challenge: life " : "Answer: for life ")
                        + life
                        + (kind == SealHeader.KIND_CHALLENGE ? " is asked to prove that it is live" : ""),
                List.of(),
                false);
    }

    private DecodedFrame protocol(Head head, ByteBuffer plaintext) {
        try {
            if (LinkNotice.isNotice(plaintext)) {
                LinkNotice notice = LinkNotice.decode(plaintext);
                return head.of(
                        "LinkNotice[" + notice.origin() + " " + notice.content().remaining() + " bytes]",
                        List.of(),
                        false);
            }
            if (MessagePart.isPart(plaintext)) {
                return part(head, MessagePart.decode(plaintext));
            }
            ProtocolMessage message = codec.decode(plaintext);
            return head.of(message.toString(), messages(message), false);
        } catch (MalformedMessageException malformed) {
            return head.wrong("no message of this format (" + malformed.getMessage() + ")");
        }
    }

    private DecodedFrame part(Head head, MessagePart part) throws MalformedMessageException {
        String text = "part " + (part.index() + 1) + " of " + part.count() + " of message " + part.number() + " of "
                + part.origin();
        Optional<ByteBuffer> whole = parts.add(part);
        return whole.isEmpty()
                ? head.of(text, List.of(), false)
                : head.of(text + ", which completes " + codec.decode(whole.get()), List.of(), false);
    }

    /** What is whole in this packet. A message in several packets is seen in none. */
    private static List<String> messages(ProtocolMessage message) {
        RegularMessage regular = message instanceof RegularMessage plain
                ? plain
                : message instanceof RecoveredMessage recovered ? recovered.inner() : null;
        if (regular == null) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        NodeId node = regular.origin().node();
        boolean isPacket = new Unpacker(MESSAGE_BYTES_MAX)
                .unpack(
                        regular.origin(),
                        regular.packet(),
                        (index, number, bytes) -> words.add("message " + number + " of node " + node + words(bytes)));
        return isPacket ? words : List.of("a packet that breaks the format");
    }

    private static String words(MessageBytes bytes) {
        int all = bytes.remaining();
        return GroupEnvelope.decode(bytes)
                .map(envelope -> " to "
                        + (envelope.groups().isEmpty() ? envelope.recipients() : envelope.groups()) + ", "
                        + bytes.remaining() + " bytes"
                        + (envelope.headers().isEmpty()
                                ? ""
                                : ", headers " + envelope.headers().keySet()))
                .orElse(", a notice between nodes, " + all + " bytes");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.wire.LinkNotice;
import dev.totem.core.internal.wire.MessageCodec;
import dev.totem.core.internal.wire.MessagePart;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.SealSession;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From messages to sealed frames on the link. Node loop only.
 *
 * <p>Only the joins and commit tokens of large rings are longer than a frame; they leave in parts.
 */
final class OutboundPath {

    private final Origin self;
    private final DatagramLink link;
    private final SealSession session;
    private final MessageCodec codec = new MessageCodec();
    private final int plaintextBytes;
    private final ByteBuffer plaintext;
    private final ByteBuffer part;
    private final ByteBuffer frame;
    private long cut;
    private boolean isQueued;
    private boolean isOperational;
    private List<NodeId> members = List.of();

    OutboundPath(Origin self, DatagramLink link, SealSession session) {
        this.self = self;
        this.link = link;
        this.session = session;
        this.plaintextBytes = link.frameBytesMax() - session.overheadBytes();
        this.plaintext = session.buffer(MessageCodec.MESSAGE_BYTES_MAX);
        this.part = session.buffer(plaintextBytes);
        this.frame = session.buffer(link.frameBytesMax());
    }

    void multicast(ProtocolMessage message) {
        send(null, message);
    }

    /** Sends what the link has to tell other links. */
    void notice() {
        link.notice(plaintextBytes - LinkNotice.HEADER_BYTES).ifPresent(this::tell);
    }

    private void tell(ByteBuffer notice) {
        isQueued = true;
        new LinkNotice(self, notice).encode(part.clear());
        session.seal(part.flip(), frame.clear());
        link.multicast(frame.flip());
    }

    void unicast(NodeId to, ProtocolMessage message) {
        send(to, message);
    }

    /** Sends what the seal has made to where a read came from. */
    void reply(SocketAddress source, ByteBuffer sealed) {
        link.reply(source, sealed);
        isQueued = true;
    }

    /** Sends what the seal has made to where a node is known to be, if it is. */
    void forward(NodeId to, ByteBuffer sealed) {
        link.unicast(to, sealed);
        isQueued = true;
    }

    /** Nothing more is sealed as the life so far. */
    void renew() {
        session.renew();
    }

    /** These share what must be done once by a ring. */
    void members(List<NodeId> now) {
        members = now;
        takeTurns();
    }

    /** While a ring works, one member asks who an unproven life is; else everybody does, to meet soon. */
    void operational(boolean now) {
        if (now != isOperational) {
            isOperational = now;
            takeTurns();
        }
    }

    private void takeTurns() {
        int index = isOperational ? members.indexOf(self.node()) : -1;
        session.turn(Math.max(0, index), index < 0 ? 1 : members.size());
    }

    /** Sends what was queued since the last flush, if anything was. */
    void flush() {
        if (isQueued) {
            isQueued = false;
            link.flush();
        }
    }

    private void send(@Nullable NodeId to, ProtocolMessage message) {
        isQueued = true;
        boolean isOrdered = message instanceof RegularMessage || message instanceof RecoveredMessage;
        codec.encode(message, plaintext.clear());
        plaintext.flip();
        if (plaintext.remaining() <= plaintextBytes) {
            pass(to, isOrdered, plaintext);
            return;
        }
        for (MessagePart each : MessagePart.cut(self, cut++, plaintext, plaintextBytes)) {
            each.encode(part.clear());
            pass(to, isOrdered, part.flip());
        }
    }

    /** What is ordered is asked for when it is lost, all else is not. */
    private void pass(@Nullable NodeId to, boolean isOrdered, ByteBuffer content) {
        if (to == null) {
            session.seal(content, frame.clear());
            frame.flip();
            if (isOrdered) {
                link.multicast(frame);
            } else {
                link.announce(frame);
            }
        } else {
            session.seal(to, content, frame.clear());
            link.unicast(to, frame.flip());
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.loop;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From messages to sealed frames on the link. Node loop only.
 *
 * <p>What is longer than a frame leaves in parts: the joins and commit tokens of large rings, and what was packed for longer frames
 * than arrive now.
 */
public final class OutboundPath {

    private final Origin self;
    private final DatagramLink link;
    private final SealSession session;
    private final MessageCodec codec = new MessageCodec();
    private final ByteBuffer plaintext;
    private final ByteBuffer part;
    private final ByteBuffer frame;
    private long cut;
    private boolean isQueued;
    private boolean isOperational;
    private List<NodeId> members = List.of();

    public OutboundPath(Origin self, DatagramLink link, SealSession session) {
        this.self = self;
        this.link = link;
        this.session = session;
        this.plaintext = session.buffer(MessageCodec.MESSAGE_BYTES_MAX);
        this.part = session.buffer(link.frameBytesMax() - session.overheadBytes());
        this.frame = session.buffer(link.frameBytesMax());
    }

    void multicast(ProtocolMessage message) {
        send(null, message);
    }

    /** Sends what the link has to tell other links. */
    void notice() {
        link.notice(link.frameBytesLeast() - session.overheadBytes() - LinkNotice.HEADER_BYTES)
                .ifPresent(notice -> tell(Optional.empty(), notice, 0));
    }

    /** Sends what a link tells others, in a frame of at least so many bytes. */
    void tell(Optional<NodeId> to, ByteBuffer notice, int frameBytes) {
        isQueued = true;
        new LinkNotice(self, notice).encode(part.clear());
        int plaintextBytes = Math.min(frameBytes, link.frameBytesMax()) - session.overheadBytes();
        while (part.position() < plaintextBytes) {
            part.put((byte) 0);
        }
        part.flip();
        if (to.isPresent()) {
            session.seal(to.get(), part, frame.clear());
            link.unicast(to.get(), frame.flip());
        } else {
            session.seal(part, frame.clear());
            link.multicast(frame.flip());
        }
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
        int plaintextBytes = (isOrdered ? link.frameBytes() : link.frameBytesLeast()) - session.overheadBytes();
        codec.encode(message, plaintext.clear());
        plaintext.flip();
        if (plaintext.remaining() <= plaintextBytes) {
            pass(to, isOrdered, plaintext);
            return;
        }
        for (MessagePart each : MessagePart.cut(self, cut++, plaintext, plaintextBytes)) {
            each.encode(part.clear());
            // Who has parts keeps only a few messages: what comes by several ways must not come one part by each.
            pass(to, false, part.flip());
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

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.NodeId;
import dev.totem.core.message.Origin;
import dev.totem.core.message.ProtocolMessage;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.SealSession;
import dev.totem.core.wire.MessageCodec;
import dev.totem.core.wire.MessagePart;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

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
    private final ByteBuffer plaintext = ByteBuffer.allocate(MessageCodec.MESSAGE_BYTES_MAX);
    private final ByteBuffer part;
    private final ByteBuffer frame;
    private long cut;
    private boolean isQueued;

    OutboundPath(Origin self, DatagramLink link, SealSession session) {
        this.self = self;
        this.link = link;
        this.session = session;
        this.plaintextBytes = link.frameBytesMax() - session.overheadBytes();
        this.part = ByteBuffer.allocate(plaintextBytes);
        this.frame = ByteBuffer.allocate(link.frameBytesMax());
    }

    void multicast(ProtocolMessage message) {
        send(message, link::multicast);
    }

    void unicast(NodeId to, ProtocolMessage message) {
        send(message, bytes -> link.unicast(to, bytes));
    }

    /** Sends what was queued since the last flush, if anything was. */
    void flush() {
        if (isQueued) {
            isQueued = false;
            link.flush();
        }
    }

    private void send(ProtocolMessage message, Consumer<ByteBuffer> way) {
        isQueued = true;
        codec.encode(message, plaintext.clear());
        plaintext.flip();
        if (plaintext.remaining() <= plaintextBytes) {
            way.accept(sealed(plaintext));
            return;
        }
        for (MessagePart each : MessagePart.cut(self, cut++, plaintext, plaintextBytes)) {
            each.encode(part.clear());
            way.accept(sealed(part.flip()));
        }
    }

    private ByteBuffer sealed(ByteBuffer content) {
        session.seal(content, frame.clear());
        return frame.flip();
    }
}

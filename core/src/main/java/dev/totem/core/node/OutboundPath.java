/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.NodeId;
import dev.totem.core.message.ProtocolMessage;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.SealSession;
import dev.totem.core.wire.MessageCodec;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** From messages to sealed frames on the link. Node loop only. */
final class OutboundPath {

    /** The largest datagram there is; only the tokens and joins of large rings exceed the link's packets. */
    private static final int FRAME_BYTES_MAX = 65_507;

    private final DatagramLink link;
    private final SealSession session;
    private final MessageCodec codec = new MessageCodec();
    private final ByteBuffer plaintext;
    private final ByteBuffer frame;
    private boolean isQueued;

    OutboundPath(DatagramLink link, SealSession session) {
        this.link = link;
        this.session = session;
        this.plaintext = ByteBuffer.allocate(FRAME_BYTES_MAX - session.overheadBytes());
        this.frame = ByteBuffer.allocate(FRAME_BYTES_MAX);
    }

    void multicast(ProtocolMessage message) {
        codec.encode(message, plaintext.clear());
        session.seal(plaintext.flip(), frame.clear());
        link.multicast(frame.flip());
        isQueued = true;
    }

    void unicast(NodeId to, ProtocolMessage message) {
        codec.encode(message, plaintext.clear());
        session.seal(to, plaintext.flip(), frame.clear());
        link.unicast(to, frame.flip());
        isQueued = true;
    }

    /** Sends what the seal has made to where a read came from. */
    void reply(SocketAddress source, ByteBuffer sealed) {
        link.reply(source, sealed);
        isQueued = true;
    }

    /** Sends what was queued since the last flush, if anything was. */
    void flush() {
        if (isQueued) {
            isQueued = false;
            link.flush();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Origin;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts messages together again that came in parts, in whatever order. Node loop only.
 *
 * <p>Keeps one message a sender, the latest, of as many senders as a ring can have; a message of which a part is lost is
 * lost, as everything that a link carries may be, and is sent again like that.
 */
public final class PartAssembly {

    private static final int SENDERS_MAX = CommitToken.MEMBERS_MAX;

    private final Map<Origin, Open> open = new LinkedHashMap<>();

    /**
     * Takes a part.
     *
     * @return the message, if this part was the last that was missing
     * @throws MalformedMessageException if it contradicts the parts before it
     */
    public Optional<ByteBuffer> add(MessagePart part) throws MalformedMessageException {
        Open message = open.get(part.origin());
        if (message != null && part.number() < message.number) {
            return Optional.empty();
        }
        if (message == null || part.number() > message.number) {
            message = begin(part);
        }
        if (part.count() != message.count) {
            throw MalformedMessageException.FIELD;
        }
        return message.add(part);
    }

    /** How many messages are kept, complete ones too: their numbers tell late copies of their parts. */
    int size() {
        return open.size();
    }

    private Open begin(MessagePart part) {
        open.remove(part.origin());
        if (open.size() >= SENDERS_MAX) {
            open.remove(open.keySet().iterator().next());
        }
        Open message = new Open(part.number(), part.count());
        open.put(part.origin(), message);
        return message;
    }

    /** One message on its way. */
    private static final class Open {

        private final long number;
        private final int count;
        private final Map<Integer, byte[]> parts = new TreeMap<>();
        private int bytes;
        private boolean isComplete;

        Open(long number, int count) {
            this.number = number;
            this.count = count;
        }

        Optional<ByteBuffer> add(MessagePart part) throws MalformedMessageException {
            if (isComplete || parts.containsKey(part.index())) {
                return Optional.empty();
            }
            if (bytes + part.bytes().remaining() > MessageCodec.MESSAGE_BYTES_MAX) {
                throw MalformedMessageException.LENGTH;
            }
            byte[] copy = new byte[part.bytes().remaining()];
            part.bytes().duplicate().get(copy);
            parts.put(part.index(), copy);
            bytes += copy.length;
            return parts.size() == count ? Optional.of(whole()) : Optional.empty();
        }

        private ByteBuffer whole() {
            ByteBuffer message = ByteBuffer.allocate(bytes);
            parts.values().forEach(message::put);
            parts.clear();
            isComplete = true;
            return message.flip();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Origin;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts messages together again that came in parts, in whatever order. Node loop only.
 *
 * <p>Keeps two messages a sender, those begun last, of as many senders as a ring can have; a message of which a part is lost
 * is lost, as everything that a link carries may be, and is sent again like that. Numbers tell messages apart and mean nothing
 * else: one that is far too high keeps no later message out.
 */
public final class PartAssembly {

    private static final int SENDERS_MAX = CommitToken.MEMBERS_MAX;
    private static final int MESSAGES_MAX = 2;

    private final Map<Origin, Deque<Open>> open = new LinkedHashMap<>();

    /**
     * Takes a part.
     *
     * @return the message, if this part was the last that was missing
     * @throws MalformedMessageException if it contradicts the parts before it
     */
    public Optional<ByteBuffer> add(MessagePart part) throws MalformedMessageException {
        Open message = find(part);
        if (part.count() != message.count) {
            throw MalformedMessageException.FIELD;
        }
        return message.add(part);
    }

    /** How many senders' messages are kept, complete ones too: their numbers tell late copies of their parts. */
    int size() {
        return open.size();
    }

    private Open find(MessagePart part) {
        Deque<Open> begun = open.get(part.origin());
        if (begun == null) {
            if (open.size() >= SENDERS_MAX) {
                open.remove(open.keySet().iterator().next());
            }
            begun = new ArrayDeque<>(MESSAGES_MAX);
            open.put(part.origin(), begun);
        }
        for (Open message : begun) {
            if (message.number == part.number()) {
                return message;
            }
        }
        if (begun.size() >= MESSAGES_MAX) {
            begun.remove();
        }
        Open message = new Open(part.number(), part.count());
        begun.add(message);
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

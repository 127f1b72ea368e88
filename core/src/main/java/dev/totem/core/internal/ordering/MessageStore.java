/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.RegularMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The ordered messages of one ring that this processor has received and that some member may still need.
 *
 * <p>Node loop only. Holds numbers above {@link #released()} up to a fixed number of slots further on; numbers start at
 * 1. {@link #aru()} is my_aru of {@code PROTOCOL.md} 3.1.
 */
public final class MessageStore {

    private final @Nullable OrderedMessage[] slots;
    private final int mask;
    private final SenderNumbers senders = new SenderNumbers();
    private long released;
    private long aru;
    private long highReceived;
    private long highSafe = -1;

    /** @param frames how many messages fit, a power of two */
    public MessageStore(int frames) {
        slots = new @Nullable OrderedMessage[frames];
        mask = frames - 1;
    }

    /** What became of a message that was offered. */
    public enum Filed {
        NEW,
        DUPLICATE,
        OUT_OF_RANGE
    }

    /** Files a message if its number is in range and not held. */
    public Filed file(OrderedMessage message) {
        long seq = message.seq();
        if (seq <= released || holds(seq)) {
            return Filed.DUPLICATE;
        }
        if (seq > released + slots.length) {
            return Filed.OUT_OF_RANGE;
        }
        slots[(int) seq & mask] = message;
        senders.filed(message.origin().node(), seq);
        highReceived = Math.max(highReceived, seq);
        if (message instanceof RegularMessage regular && regular.guarantee() == Guarantee.SAFE) {
            highSafe = Math.max(highSafe, seq);
        }
        while (holds(aru + 1)) {
            aru++;
        }
        return Filed.NEW;
    }

    public boolean holds(long seq) {
        return seq > released && seq <= released + slots.length && slots[(int) seq & mask] != null;
    }

    public Optional<OrderedMessage> get(long seq) {
        return holds(seq) ? Optional.ofNullable(slots[(int) seq & mask]) : Optional.empty();
    }

    /** Frees everything up to a number, which must not be above {@link #aru()}. */
    public void release(long upTo) {
        while (released < upTo) {
            released++;
            slots[(int) released & mask] = null;
        }
    }

    /** The messages held above a number, in order; however low the number is, this looks at no more than fit. */
    public List<OrderedMessage> heldAbove(long seq) {
        List<OrderedMessage> held = new ArrayList<>();
        for (long next = Math.max(seq, released) + 1; next <= highReceived; next++) {
            get(next).ifPresent(held::add);
        }
        return held;
    }

    /** Numbers above this one have no place here. */
    public long last() {
        return released + slots.length;
    }

    /** Everything up to here has been received. */
    public long aru() {
        return aru;
    }

    /** The highest number received. */
    public long highReceived() {
        return highReceived;
    }

    /** The highest number of a SAFE message received, -1 before the first. */
    public long highSafe() {
        return highSafe;
    }

    /** The highest number received from each sender. */
    public SortedMap<NodeId, Long> sent() {
        return senders.list();
    }

    /** Everything up to here has been freed. */
    public long released() {
        return released;
    }

    public int capacity() {
        return slots.length;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets sends in, first come, first served, as far as their part of the node's memory goes. Node loop only, except where it
 * says otherwise.
 *
 * <p>Who waits here is a subscriber with a message that its caller made: waiting costs the node an entry in a set, no thread
 * and no copy.
 */
final class Admission {

    private final long limitBytes;
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private final AtomicLong heldBytes = new AtomicLong();

    /** Of the loop; what is held and not released is in use. */
    private final AtomicLong releasedBytes = new AtomicLong();

    private long letIn;
    private volatile boolean isCrowded;

    /** What waits to be let in. */
    interface Turn {

        /** What it would add to the bytes in use. */
        long neededBytes();

        /** It is let in, or at once if nobody waits and there is room. */
        void begin();
    }

    Admission(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Any thread. */
    long limitBytes() {
        return limitBytes;
    }

    /** Any thread: whether more would have to wait. */
    boolean isFull() {
        return isCrowded || usedBytes() >= limitBytes;
    }

    /** Any thread: bytes that are held from now on. */
    void hold(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    /** Bytes that were held for something that was not let in. */
    void release(long bytes) {
        releasedBytes.lazySet(releasedBytes.getPlain() + bytes);
        advance();
    }

    void enter(Turn turn) {
        if (waiting.isEmpty() && hasRoomFor(turn)) {
            turn.begin();
        } else {
            waiting.add(turn);
            isCrowded = true;
        }
    }

    /** Takes back what waits; says whether it did. */
    boolean leave(Turn turn) {
        boolean waited = waiting.remove(turn);
        if (waited) {
            advance();
        }
        return waited;
    }

    /** A send begins that counts until {@link #ended}. */
    void began() {
        letIn++;
    }

    /** A send that was let in has ended. */
    void ended(long bytes) {
        letIn--;
        release(bytes);
    }

    /** Any thread: bytes in use. */
    long usedBytes() {
        return heldBytes.get() - releasedBytes.get();
    }

    int waiting() {
        return waiting.size();
    }

    private void advance() {
        while (!waiting.isEmpty()) {
            Turn first = waiting.iterator().next();
            if (!hasRoomFor(first)) {
                return;
            }
            waiting.remove(first);
            first.begin();
        }
        if (isCrowded) {
            isCrowded = false;
        }
    }

    /** Whoever is alone gets in, however large: there is nobody whose end would make more room. */
    private boolean hasRoomFor(Turn turn) {
        return letIn == 0 || usedBytes() + turn.neededBytes() <= limitBytes;
    }
}

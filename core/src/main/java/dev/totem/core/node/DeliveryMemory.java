/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What waits for the subscribers of a node, all together: each event counts once, until the last of them has taken it. */
final class DeliveryMemory {

    /** What an event costs beside its payload: its objects and its places in the queues. */
    private static final long OBJECTS_BYTES = 256;

    /** The dispatch goes on when this part is free again, not at each event. */
    private static final int FREE_PART = 8;

    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicBoolean starved = new AtomicBoolean();
    private volatile Runnable onRoom = () -> {};

    /** An event in the queues of some subscribers. Any thread. */
    static final class Held {

        private final EvsEvent event;
        private final DeliveryMemory memory;
        private final AtomicInteger holders;

        private Held(EvsEvent event, DeliveryMemory memory, int holders) {
            this.event = event;
            this.memory = memory;
            this.holders = new AtomicInteger(holders);
        }

        EvsEvent event() {
            return event;
        }

        /** One of them has it no more. */
        void release() {
            if (holders.decrementAndGet() == 0) {
                memory.release(OBJECTS_BYTES + payloadBytes(event));
            }
        }
    }

    DeliveryMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Who is told, on whatever thread, that {@link #starve} is over. */
    void whenRoom(Runnable action) {
        onRoom = action;
    }

    /** Loop: whether an event with this payload fits; one alone always does. */
    boolean hasRoomFor(int payloadBytes) {
        long used = usedBytes.get();
        return used == 0 || used + OBJECTS_BYTES + payloadBytes <= limitBytes;
    }

    /** Loop: counts an event that goes to so many subscribers. */
    Held hold(EvsEvent event, int holders) {
        usedBytes.addAndGet(OBJECTS_BYTES + payloadBytes(event));
        return new Held(event, this, holders);
    }

    /**
     * Loop: asks to be told when there is room again.
     *
     * @return whether there is meanwhile; if not, {@link #whenRoom} will be told, once
     */
    boolean starve() {
        starved.set(true);
        return hasFreePart() && starved.compareAndSet(true, false);
    }

    /** Any thread. */
    long usedBytes() {
        return usedBytes.get();
    }

    /** What an event counts against the limits. */
    static int payloadBytes(EvsEvent event) {
        return event instanceof Delivery delivery ? delivery.payload().length : 0;
    }

    private void release(long bytes) {
        usedBytes.addAndGet(-bytes);
        if (starved.get() && hasFreePart() && starved.compareAndSet(true, false)) {
            onRoom.run();
        }
    }

    private boolean hasFreePart() {
        return usedBytes.get() <= limitBytes - limitBytes / FREE_PART;
    }
}

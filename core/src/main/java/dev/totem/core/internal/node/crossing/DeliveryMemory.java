/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;

/** What waits for the subscribers of a node, all together: each event counts once, until the last of them has taken it. */
public final class DeliveryMemory {

    /** What an event costs beside its payload: its objects and its places in the queues. */
    private static final long OBJECTS_BYTES = 256;

    /** In parts of the whole: the ring is held back when less than a quarter is free, until three eighths are. */
    private static final int PARTS = 8;

    private static final int CROWDED_FREE_PARTS = 2;
    private static final int ENOUGH_FREE_PARTS = 3;

    private final long limitBytes;

    /** Of the loop; the difference to what was released is in use. */
    private final AtomicLong heldBytes = new AtomicLong();

    private final AtomicLong releasedBytes = new AtomicLong();
    private final AtomicBoolean starved = new AtomicBoolean();
    private volatile Runnable onRoom = () -> {};
    private long releasedSeen;
    private int heldEvents;

    /** An event in the queues of some subscribers. Any thread. */
    public static final class Held {

        private static final AtomicIntegerFieldUpdater<Held> HOLDERS =
                AtomicIntegerFieldUpdater.newUpdater(Held.class, "holders");

        private final EvsEvent event;
        private final DeliveryMemory memory;
        private final int payloadBytes;
        private final int place;
        private volatile int holders;

        private Held(EvsEvent event, DeliveryMemory memory, int payloadBytes, int holders) {
            this.event = event;
            this.memory = memory;
            this.payloadBytes = payloadBytes;
            this.place = memory.heldEvents++;
            this.holders = holders;
        }

        EvsEvent event() {
            return event;
        }

        int payloadBytes() {
            return payloadBytes;
        }

        DeliveryMemory memory() {
            return memory;
        }

        /** In the one order, modulo 2³²: the difference of two places says which is earlier. */
        int place() {
            return place;
        }

        /** One of them has it no more. */
        public void release() {
            memory.release(leave());
        }

        /** The same, but the bytes that this frees, 0 while others have it, are still to be released. */
        long leave() {
            return holders == 1 || HOLDERS.decrementAndGet(this) == 0 ? OBJECTS_BYTES + payloadBytes : 0;
        }
    }

    public DeliveryMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Who is told, on whatever thread, that {@link #starve} is over. */
    public void whenRoom(Runnable action) {
        onRoom = action;
    }

    /** Loop: whether an event with this payload fits; one alone always does. */
    public boolean hasRoomFor(int payloadBytes) {
        if (fits(payloadBytes)) {
            return true;
        }
        releasedSeen = releasedBytes.get();
        return fits(payloadBytes);
    }

    private boolean fits(int payloadBytes) {
        long used = heldBytes.getPlain() - releasedSeen;
        return used == 0 || used + OBJECTS_BYTES + payloadBytes <= limitBytes;
    }

    /** Loop: counts an event that goes to so many subscribers. */
    public Held hold(EvsEvent event, int holders) {
        int payloadBytes = payloadBytes(event);
        heldBytes.lazySet(heldBytes.getPlain() + OBJECTS_BYTES + payloadBytes);
        return new Held(event, this, payloadBytes, holders);
    }

    /** Loop: the place in the order of the event that is held next. */
    public int nextPlace() {
        return heldEvents;
    }

    /** Loop: whether so much is in use that the ring should be held back. */
    public boolean isCrowded() {
        return heldBytes.getPlain() - releasedSeen > bytesWithFree(CROWDED_FREE_PARTS)
                && usedBytes() > bytesWithFree(CROWDED_FREE_PARTS);
    }

    /**
     * Loop: asks to be told when there is room again.
     *
     * @return whether there is meanwhile; if not, {@link #whenRoom} will be told, once
     */
    public boolean starve() {
        starved.set(true);
        return hasEnough() && starved.compareAndSet(true, false);
    }

    /** Any thread. */
    public long usedBytes() {
        return heldBytes.get() - releasedBytes.get();
    }

    /** What an event counts against the limits. */
    public static int payloadBytes(EvsEvent event) {
        return event instanceof Delivery delivery ? delivery.payloadBytes() : 0;
    }

    /** Any thread: what was left is free. */
    void release(long bytes) {
        releasedBytes.addAndGet(bytes);
        if (starved.get() && hasEnough() && starved.compareAndSet(true, false)) {
            onRoom.run();
        }
    }

    private boolean hasEnough() {
        return usedBytes() <= bytesWithFree(ENOUGH_FREE_PARTS);
    }

    private long bytesWithFree(int parts) {
        return limitBytes - limitBytes / PARTS * parts;
    }
}

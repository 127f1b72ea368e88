/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets sends in, first come, first served, as far as their part of the node's memory goes. Node loop only, except where it
 * says otherwise.
 *
 * <p>Who waits here is a subscriber with a message that its caller made, or a publisher that is not asked for one yet: waiting
 * costs the node an entry in a set, no thread and no copy. What is under way and what publishers were asked for count
 * together.
 */
public final class Admission {

    /** Who was asked for messages and makes none for so long keeps no room from those who wait. */
    private static final long LAPSE_NANOS = 50_000_000;

    private final long limitBytes;
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private final Set<Reservation> reservations = new LinkedHashSet<>();
    private final AtomicLong takenBytes = new AtomicLong();

    /** Of the loop; what is taken and not released is in use. */
    private final AtomicLong releasedBytes = new AtomicLong();

    private long lapseNanos = Long.MAX_VALUE;
    private volatile int publishers;

    /** How many messages of one publisher may be under way, because the ring is held back here. */
    private volatile int bulkMax = Integer.MAX_VALUE;

    private volatile boolean isCrowded;

    /** What waits to be let in. */
    interface Turn {

        /** What it would add to the bytes in use. */
        long neededBytes();

        /** It is let in, or at once if nobody waits and there is room; takes what it needs. */
        void begin();
    }

    public Admission(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Any thread. */
    long limitBytes() {
        return limitBytes;
    }

    /** Any thread: whether others wait for room. */
    boolean isCrowded() {
        return isCrowded;
    }

    /** Any thread: how many messages of one publisher may be under way, at most. */
    int bulkMax() {
        return bulkMax;
    }

    /** From now on so many; says whether that is more than before, so that those who wait have to be told. */
    public boolean bulkMax(int messages) {
        boolean isMore = messages > bulkMax;
        bulkMax = messages;
        return isMore;
    }

    /** Any thread: changes what is in use; what becomes less this way is seen by who waits at the next {@link #advance}. */
    void take(long bytes) {
        takenBytes.addAndGet(bytes);
    }

    /**
     * Any thread: takes room for up to so many messages of this size each, unless others wait for it. One has room if nothing
     * is in use, however large.
     *
     * @return for how many
     */
    long takeUpTo(long messages, long bytesEach) {
        while (!isCrowded) {
            long taken = takenBytes.get();
            long used = taken - releasedBytes.get();
            long fitting = Math.max(used == 0 ? 1 : 0, (limitBytes - used) / bytesEach);
            long granted = Math.min(messages, fitting);
            if (granted <= 0) {
                return 0;
            }
            if (takenBytes.compareAndSet(taken, taken + granted * bytesEach)) {
                return granted;
            }
        }
        return 0;
    }

    /** A send that was let in has ended, or something that had room was not let in. */
    void release(long bytes) {
        releasedBytes.lazySet(releasedBytes.getPlain() + bytes);
        advance();
    }

    void enter(Turn turn) {
        waiting.add(turn);
        advance();
    }

    /** Takes back what waits; says whether it did. */
    boolean leave(Turn turn) {
        boolean waited = waiting.remove(turn);
        if (waited) {
            advance();
        }
        return waited;
    }

    /** Lets in who has room, the first first. */
    void advance() {
        while (!waiting.isEmpty()) {
            Turn first = waiting.iterator().next();
            if (!hasRoomFor(first)) {
                break;
            }
            waiting.remove(first);
            first.begin();
        }
        boolean isWaited = !waiting.isEmpty();
        if (isCrowded != isWaited) {
            isCrowded = isWaited;
        }
    }

    void add(Reservation reservation) {
        reservations.add(reservation);
        publishers = reservations.size();
    }

    void remove(Reservation reservation) {
        reservations.remove(reservation);
        publishers = reservations.size();
    }

    /** Any thread: how many publishers of messages there are. */
    int publishers() {
        return publishers;
    }

    /** When {@link #expire} is due. */
    public long nextDeadlineNanos(long nowNanos) {
        if (waiting.isEmpty() || reservations.isEmpty()) {
            lapseNanos = Long.MAX_VALUE;
        } else if (lapseNanos == Long.MAX_VALUE) {
            lapseNanos = nowNanos + LAPSE_NANOS;
        }
        return lapseNanos;
    }

    /** Frees the room of publishers that were asked and have not stirred since the last time, for those who wait. */
    public void expire(long nowNanos) {
        if (nowNanos >= lapseNanos) {
            lapseNanos = Long.MAX_VALUE;
            List.copyOf(reservations).forEach(Reservation::lapse);
            advance();
        }
    }

    /** Any thread: bytes in use. */
    public long usedBytes() {
        return takenBytes.get() - releasedBytes.get();
    }

    public int waiting() {
        return waiting.size();
    }

    /** Whoever is alone gets in, however large: there is nobody whose end would make more room. */
    private boolean hasRoomFor(Turn turn) {
        long used = usedBytes();
        return used == 0 || used + turn.neededBytes() <= limitBytes;
    }
}

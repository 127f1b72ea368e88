/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.SlowSubscriberException;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * One subscriber's queue, from the loop to its demand.
 *
 * <p>The loop offers and ends; whose turn it is on the handle's lane takes, or sweeps what nobody will take; {@link #request}
 * and {@link #cancel} come from any thread.
 */
public final class EventSubscription implements Subscription, HandleLane.Signal {

    /** The queue grows by pieces of this many events, so an idle subscriber costs little. */
    private static final int QUEUE_PIECE = 256;

    /** So much, or half of a smaller queue, must be free before the ring is not held back any more: not for each event. */
    private static final int ROOM_EVENTS = 256;

    private static final int ROOM_BYTES = 256 << 10;

    /** What was taken is published by so many bytes, at the end of a batch, and when the loop waits for it. */
    private static final int FREED_BYTES = 32 << 10;

    /** What the subscriber is given in one call is a small part of what may wait for it, and of so many bytes. */
    private static final int HAND_PARTS = 64;

    private static final int HAND_BYTES = 32 << 10;

    private final CoreSubscriber<? super EvsEvent> actual;
    private final HandleLane lane;
    private final SubscriberLimits limits;
    private final EventStream.Feed feed;

    private final Queue<DeliveryMemory.Held> queue =
            Queues.<DeliveryMemory.Held>unbounded(QUEUE_PIECE).get();
    private final AtomicLong requested = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong takenBytes = new AtomicLong();

    /** The loop waits for room; set by the loop, reset by whoever finds the room. */
    private final AtomicBoolean starved = new AtomicBoolean();

    private volatile boolean cancelled;
    private volatile boolean ended;
    private volatile @Nullable Throwable aborted;
    private volatile boolean isFinished;
    private @Nullable Throwable failure;

    private long offered;
    private long offeredBytes;
    private long snapshotEnd;
    private long takenSeen;
    private long takenBytesSeen;
    private boolean laneReleased;

    /** The turn's: what it took and did not publish yet, and whose it is. */
    private long leftBytes;

    private @Nullable DeliveryMemory memory;

    /** What was given to the subscriber and came back. */
    private final AtomicLong given = new AtomicLong();

    EventSubscription(
            CoreSubscriber<? super EvsEvent> actual, HandleLane lane, SubscriberLimits limits, EventStream.Feed feed) {
        this.actual = actual;
        this.lane = lane;
        laneReleased = !lane.retain();
        this.limits = limits;
        this.feed = feed;
    }

    /** Whether nothing more will be offered. */
    public boolean isOver() {
        return cancelled || ended || aborted != null;
    }

    /** Whether nothing more will be taken, not even what was offered. */
    public boolean isGone() {
        return cancelled || aborted != null;
    }

    /** Whether it was told its end, or wanted to hear nothing more. */
    public boolean isFinished() {
        return isFinished;
    }

    public HandleLane lane() {
        return lane;
    }

    public OverflowPolicy policy() {
        return limits.policy();
    }

    /** Any thread: how many events the subscriber has had and come back from. */
    public long given() {
        return given.get();
    }

    /** Loop: whether an event with this payload can be offered without exceeding the limits. */
    public boolean hasRoomFor(int payloadBytes) {
        if (fits(payloadBytes) || isOver()) {
            return true;
        }
        takenSeen = taken.get();
        takenBytesSeen = takenBytes.get();
        return fits(payloadBytes);
    }

    /** By what the loop has seen the lane take; the lane may be further on. */
    private boolean fits(int payloadBytes) {
        long waitingBytes = offeredBytes - takenBytesSeen;
        long ofSnapshot = Math.max(0, snapshotEnd - takenSeen);
        return offered - takenSeen < limits.events() + ofSnapshot
                && (waitingBytes == 0 || waitingBytes + payloadBytes <= limits.bytes());
    }

    /**
     * Loop: asks to be told when some of the queue is free.
     *
     * @return whether it is meanwhile; if not, {@link EventStream.Feed#roomAgain} will be called, once, unless the
     *     subscription ends
     */
    public boolean starve() {
        starved.set(true);
        return isLow() && starved.compareAndSet(true, false);
    }

    /** Loop: whether half as much again waits as should. */
    public boolean isFarBehind() {
        return lag() > limits.events() * 3L / 2 || waitingBytes() > limits.bytes() * 3L / 2;
    }

    /** Whether the loop waits for room in the queue. */
    public boolean isStarved() {
        return starved.get();
    }

    /** Loop: so many events follow that say how things are now, and do not count against the limit. */
    public void beginSnapshot(int events) {
        snapshotEnd = offered + events;
    }

    /** Loop: puts an event into the queue; the lane's {@link HandleLane#wake} must follow. */
    public void offer(DeliveryMemory.Held held) {
        if (isOver()) {
            held.release();
            return;
        }
        offered++;
        offeredBytes += held.payloadBytes();
        queue.offer(held);
    }

    /** Loop: payload bytes that wait here. */
    public long waitingBytes() {
        return offeredBytes - takenBytes.get();
    }

    /** Loop: the stream ends after what was offered; {@code reason} is null for a completion. */
    public void end(@Nullable Throwable reason) {
        if (!isOver()) {
            failure = reason;
            ended = true;
            lane.wake();
        }
    }

    /** Loop: the stream ends at once, without what still waits. */
    public void endSlow(String limit) {
        if (!isGone()) {
            SlowSubscriberException reason = new SlowSubscriberException(limit, offered - given.get());
            aborted = reason;
            feed.slow(reason);
            feed.detach(this);
            lane.wake();
        }
    }

    @Override
    public void request(long events) {
        if (events <= 0) {
            aborted = new IllegalArgumentException("rule 3.9: a request is for more than zero events, not " + events);
            feed.detach(this);
        } else {
            requested.accumulateAndGet(events, Operators::addCap);
        }
        lane.wake();
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            feed.detach(this);
            lane.wake();
        }
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    /** Turn: whether it has no event from before this place that it asks for. */
    boolean isPast(int place) {
        return hasNoneBefore(place) || requested.get() == 0;
    }

    /** Turn: whether it has no event from before this place, and so will ask for none. */
    boolean hasNoneBefore(int place) {
        DeliveryMemory.Held next = queue.peek();
        return next == null || next.place() - place >= 0 || isGone() || isFinished;
    }

    /** Turn: emits a part of what is wanted and there; says whether there was anything. */
    boolean serve(LaneSlice slice) {
        if (isFinished) {
            return false;
        }
        long demand = requested.get();
        long emitted = 0;
        boolean isLast = false;
        Hand hand = null;
        while (emitted < LaneSlice.PART && !slice.isSpent() && !isGone()) {
            isLast = ended;
            if (emitted == demand || queue.peek() == null) {
                break;
            }
            isLast = false;
            // Before anything is taken: memory may have run out.
            hand = hand == null ? new Hand() : hand;
            int events = hand.take(demand - emitted);
            emitted += events;
            if (demand != Long.MAX_VALUE) {
                requested.addAndGet(-events);
            }
            if (!slice.give(this, hand, events)) {
                break;
            }
        }
        if (slice.isLost()) {
            return false;
        }
        freed();
        boolean isEnd = isGone() || (isLast && queue.isEmpty());
        if (isEnd && !slice.isSpent()) {
            finish(slice);
        }
        return isEnd || emitted > 0;
    }

    /** Turn, in the hands of the user: the end. */
    @Override
    public void emit() {
        Throwable reason = aborted == null ? failure : aborted;
        if (cancelled) {
            return;
        }
        if (reason == null) {
            actual.onComplete();
        } else {
            actual.onError(reason);
        }
    }

    /**
     * Events that were taken for one call of the user. One turn's, and its own although another turn may have begun while the
     * user has it: he may not come back for ever.
     */
    private final class Hand implements HandleLane.Signal {

        private final DeliveryMemory.Held[] events =
                new DeliveryMemory.Held[Math.max(1, Math.min(LaneSlice.HAND, limits.events() / HAND_PARTS))];

        private int size;

        /** Takes what is there and wanted, as far as there is room; says how many. */
        int take(long wanted) {
            size = 0;
            long bytes = 0;
            DeliveryMemory.Held next = queue.poll();
            while (next != null) {
                events[size++] = next;
                bytes += next.payloadBytes();
                took(next);
                boolean isFull = size == events.length || size == wanted || bytes >= HAND_BYTES;
                next = isFull ? null : queue.poll();
            }
            return size;
        }

        @Override
        public void emit() {
            for (int i = 0; i < size && !isGone(); i++) {
                DeliveryMemory.Held held = events[i];
                if (held.event() instanceof GroupChange change) {
                    feed.given(change, held.place());
                }
                try {
                    actual.onNext(held.event());
                } catch (Throwable thrownBySubscriber) {
                    cancel();
                    throw thrownBySubscriber;
                }
                given.lazySet(given.getPlain() + 1);
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }

    private void took(DeliveryMemory.Held held) {
        left(held);
        if (leftBytes >= FREED_BYTES || starved.get()) {
            freed();
        }
    }

    private void left(DeliveryMemory.Held held) {
        if (memory == null) {
            memory = held.memory();
        }
        leftBytes += held.leave();
        takenBytes.lazySet(takenBytes.getPlain() + held.payloadBytes());
        taken.lazySet(taken.getPlain() + 1);
    }

    /** Publishes what was taken and wakes the loop if it waits for that. */
    private void freed() {
        releaseLeft();
        taken.set(taken.getPlain());
        if (starved.get() && isLow() && starved.compareAndSet(true, false)) {
            feed.roomAgain(this);
        }
    }

    private void releaseLeft() {
        DeliveryMemory shared = memory;
        if (shared != null && leftBytes > 0) {
            shared.release(leftBytes);
            leftBytes = 0;
        }
    }

    private void finish(LaneSlice slice) {
        sweep();
        isFinished = true;
        if (!cancelled) {
            slice.give(this, this);
        }
        if (!laneReleased) {
            laneReleased = true;
            lane.release();
        }
        feed.roomAgain(this);
    }

    /** Turn, or the loop in its place: what was not taken is free. What is in the subscriber's hands stays there. */
    void sweep() {
        for (DeliveryMemory.Held held = queue.poll(); held != null; held = queue.poll()) {
            left(held);
        }
        releaseLeft();
    }

    private boolean isLow() {
        long waitingBytes = waitingBytes();
        return lag() <= limits.events() - Math.min(limits.events() / 2, ROOM_EVENTS)
                && (waitingBytes == 0 || waitingBytes <= limits.bytes() - Math.min(limits.bytes() / 2, ROOM_BYTES));
    }

    private long lag() {
        return offered - taken.get();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.EvsEvent;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.SlowSubscriberException;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * One subscriber's bounded queue, from the loop to its demand.
 *
 * <p>The loop offers and ends; the handle's lane emits; {@link #request} and {@link #cancel} come from any
 * thread. Whoever raises {@code work} from zero owns the emitting side until it is zero again; after a terminal signal or a
 * cancel it stays raised for ever.
 */
final class EventSubscription implements Subscription, Runnable {

    /** The queue grows by pieces of this many events, so an idle subscriber costs little. */
    private static final int QUEUE_PIECE = 256;

    /** So much, or half of a smaller queue, must be free before it is filled again: not a wake-up for each event. */
    private static final int ROOM_EVENTS = 256;

    private static final int ROOM_BYTES = 256 << 10;

    /** What was taken is published by so many bytes, at the end of a batch, and when the loop waits for it. */
    private static final int FREED_BYTES = 32 << 10;

    private final CoreSubscriber<? super EvsEvent> actual;
    private final HandleLane lane;
    private final SubscriberLimits limits;
    private final EventStream.Feed feed;

    private final Queue<DeliveryMemory.Held> queue =
            Queues.<DeliveryMemory.Held>unbounded(QUEUE_PIECE).get();
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicLong requested = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong takenBytes = new AtomicLong();

    /** The loop waits for room; set by the loop, reset by whoever finds the room. */
    private final AtomicBoolean starved = new AtomicBoolean();

    /** Of the two that use the queue, who finds the other gone empties it, once. */
    private final AtomicBoolean isSwept = new AtomicBoolean();

    private volatile boolean isDetached;
    private volatile boolean isDrained;

    private volatile boolean cancelled;
    private volatile boolean ended;
    private volatile @Nullable Throwable aborted;
    private @Nullable Throwable failure;

    private long offered;
    private long offeredBytes;
    private long takenSeen;
    private long takenBytesSeen;
    private boolean hasOffers;
    private int neededBytes;
    private boolean laneReleased;

    /** Worker: what it took and did not publish yet, and whose it is. */
    private long leftBytes;

    private @Nullable DeliveryMemory memory;

    EventSubscription(
            CoreSubscriber<? super EvsEvent> actual, HandleLane lane, SubscriberLimits limits, EventStream.Feed feed) {
        this.actual = actual;
        this.lane = lane;
        laneReleased = !lane.retain();
        this.limits = limits;
        this.feed = feed;
    }

    /** Whether nothing more will be taken. */
    boolean isOver() {
        return cancelled || ended || aborted != null;
    }

    OverflowPolicy policy() {
        return limits.policy();
    }

    /** Loop: whether an event with this payload can be offered without exceeding the limits. */
    boolean hasRoomFor(int payloadBytes) {
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
        return offered - takenSeen < limits.events()
                && (waitingBytes == 0 || waitingBytes + payloadBytes <= limits.bytes());
    }

    /**
     * Loop: asks to be told when some of the queue is free and the event fits.
     *
     * @return whether that has happened meanwhile; if not, {@link EventStream.Feed#roomAgain} will be called, once, unless
     *     the subscription ends
     */
    boolean starve(int payloadBytes) {
        neededBytes = payloadBytes;
        starved.set(true);
        return isLow() && starved.compareAndSet(true, false);
    }

    /** Loop: puts an event into the queue; says whether it is the first since {@link #wakeForOffers}, which must follow. */
    boolean offer(DeliveryMemory.Held held) {
        if (isOver()) {
            held.release();
            return false;
        }
        offered++;
        offeredBytes += held.payloadBytes();
        queue.offer(held);
        boolean isFirst = !hasOffers;
        hasOffers = true;
        return isFirst;
    }

    /** Loop: makes the worker look at what was offered. */
    void wakeForOffers() {
        hasOffers = false;
        wake();
    }

    /** Loop: nothing will be offered any more. */
    void detached() {
        isDetached = true;
        if (isDrained) {
            sweep();
        }
    }

    /** Loop: payload bytes that wait here. */
    long waitingBytes() {
        return offeredBytes - takenBytes.get();
    }

    /** Loop: the stream ends after what was offered; {@code reason} is null for a completion. */
    void end(@Nullable Throwable reason) {
        if (!isOver()) {
            failure = reason;
            ended = true;
            wake();
        }
    }

    /** Loop: the stream ends at once, without what still waits. */
    void endSlow(String limit) {
        if (!cancelled && aborted == null) {
            aborted = new SlowSubscriberException(limit, lag());
            feed.detach(this);
            wake();
        }
    }

    /** Makes the worker look at what has changed. */
    void wake() {
        if (work.getAndIncrement() == 0) {
            lane.schedule(this);
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
        wake();
    }

    @Override
    public void cancel() {
        if (cancelled) {
            return;
        }
        cancelled = true;
        feed.detach(this);
        if (work.getAndIncrement() == 0) {
            release();
        }
    }

    /** Worker: emits what is wanted and there. */
    @Override
    public void run() {
        try {
            int missed = work.get();
            while (missed != 0 && emit()) {
                missed = work.addAndGet(-missed);
            }
        } catch (Throwable thrownBySubscriber) {
            cancelled = true;
            feed.detach(this);
            release();
            throw thrownBySubscriber;
        }
    }

    /** Emits up to the demand; says whether the subscription goes on. */
    private boolean emit() {
        long demand = requested.get();
        long emitted = 0;
        while (true) {
            if (cancelled) {
                release();
                return false;
            }
            Throwable abortion = aborted;
            if (abortion != null) {
                terminate(abortion);
                return false;
            }
            boolean isLast = ended;
            DeliveryMemory.Held held = emitted == demand ? null : queue.poll();
            if (held == null) {
                if (isLast && queue.isEmpty()) {
                    terminate(failure);
                    return false;
                }
                break;
            }
            emitted++;
            took(held);
            actual.onNext(held.event());
        }
        freed();
        if (demand != Long.MAX_VALUE) {
            requested.addAndGet(-emitted);
        }
        return true;
    }

    private void took(DeliveryMemory.Held held) {
        memory = held.memory();
        leftBytes += held.leave();
        takenBytes.lazySet(takenBytes.getPlain() + held.payloadBytes());
        taken.lazySet(taken.getPlain() + 1);
        if (leftBytes >= FREED_BYTES || starved.get()) {
            freed();
        }
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

    private void terminate(@Nullable Throwable reason) {
        try {
            if (reason == null) {
                actual.onComplete();
            } else {
                actual.onError(reason);
            }
        } finally {
            release();
        }
    }

    private void release() {
        releaseLeft();
        isDrained = true;
        if (isDetached) {
            sweep();
        }
        releaseLane();
    }

    private void sweep() {
        if (isSwept.compareAndSet(false, true)) {
            for (DeliveryMemory.Held held = queue.poll(); held != null; held = queue.poll()) {
                held.release();
            }
            feed.roomAgain(this);
        }
    }

    private void releaseLane() {
        if (!laneReleased) {
            laneReleased = true;
            lane.release();
        }
    }

    private boolean isLow() {
        long waitingBytes = waitingBytes();
        return lag() <= limits.events() - Math.min(limits.events() / 2, ROOM_EVENTS)
                && (waitingBytes == 0
                        || (waitingBytes <= limits.bytes() - Math.min(limits.bytes() / 2, ROOM_BYTES)
                                && waitingBytes + neededBytes <= limits.bytes()));
    }

    private long lag() {
        return offered - taken.get();
    }
}

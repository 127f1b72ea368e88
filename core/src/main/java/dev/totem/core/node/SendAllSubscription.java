/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Between a publisher of messages and a subscriber to their positions.
 *
 * <p>A message is requested when its position was, when it may be in flight, and when the admission has room; so no position
 * waits for demand and no message for room, except for the few that were requested ahead. Messages arrive on upstream's
 * thread; all signals to the subscriber are emitted on the handle's lane; {@link #request} and {@link #cancel} come from any
 * thread.
 */
final class SendAllSubscription implements CoreSubscriber<Message>, Subscription, PendingSend.Outcome, Admission.Turn {

    private static final int REQUESTS_PART = 4;

    /** However long messages are, one is on its way while others come back. */
    private static final int IN_FLIGHT_LEAST = 4;

    /** One message in so many is what a change of size takes to be half noticed, roughly. */
    private static final int AVERAGED = 16;

    /** A SAFE message is under way for so many rotations: its own, and two in which the token's aru covers it. */
    private static final int SAFE_ROTATIONS = 3;

    private final CoreSubscriber<? super Position> actual;
    private final HandleState handle;
    private final HandleLane lane;
    private final SendPort port;
    private final int requestsAhead;

    private final AtomicLong demanded = new AtomicLong();
    private final AtomicInteger pulling = new AtomicInteger();
    private final AtomicBoolean isWaiting = new AtomicBoolean();
    private final AtomicBoolean isLaneReleased;
    private volatile boolean hasTurn;
    private volatile boolean cancelled;
    private volatile long requested;
    private volatile long arrived;
    private volatile long emitted;

    /** Upstream's thread: what a message counts in flight, bytes, on average of the last ones. */
    private volatile int averageBytes = 1;

    private volatile boolean isUpstreamDone;
    private @Nullable Subscription upstream;

    /** Lane: the stream ends when so many positions were emitted. */
    private long end = Long.MAX_VALUE;

    private @Nullable Throwable reason;
    private volatile boolean hasEnded;

    SendAllSubscription(CoreSubscriber<? super Position> actual, HandleState handle, HandleLane lane, SendPort port) {
        this.actual = actual;
        this.handle = handle;
        this.lane = lane;
        this.port = port;
        requestsAhead = port.requestsAhead();
        isLaneReleased = new AtomicBoolean(!lane.retain());
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            port.mailbox().submit(() -> port.sends().attach(handle, this));
            actual.onSubscribe(this);
        }
    }

    /** Upstream's thread. */
    @Override
    public void onNext(Message message) {
        Objects.requireNonNull(message, "rule 2.13: a message is not null");
        if (cancelled || isUpstreamDone) {
            Operators.onNextDropped(message, actual.currentContext());
            return;
        }
        long place = arrived;
        if (place >= requested) {
            stopUpstream();
            endsAfter(place, Exceptions.failWithOverflow("upstream emitted more messages than were requested"));
            return;
        }
        port.admission().hold(PendingSend.costBytes(message));
        average(message, place == 0);
        arrived = place + 1;
        port.accept(new PendingSend(handle, message, this, place, port.admission(), true));
        pull();
    }

    /** Upstream's thread. */
    @Override
    public void onError(Throwable failure) {
        if (cancelled || isUpstreamDone) {
            Operators.onErrorDropped(failure, actual.currentContext());
            return;
        }
        isUpstreamDone = true;
        endsAfter(arrived, failure);
    }

    /** Upstream's thread. */
    @Override
    public void onComplete() {
        if (!isUpstreamDone) {
            isUpstreamDone = true;
            endsAfter(arrived, null);
        }
    }

    @Override
    public void request(long positions) {
        if (positions <= 0) {
            stopUpstream();
            endsAfter(
                    0,
                    new IllegalArgumentException(
                            "rule 3.9: a request is for more than zero positions, not " + positions));
        } else {
            demanded.accumulateAndGet(positions, Operators::addCap);
            pull();
        }
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            stopUpstream();
            release();
        }
    }

    /** Lane. */
    @Override
    public void sent(long place, Position position) {
        if (isOver()) {
            return;
        }
        emitted = place + 1;
        try {
            actual.onNext(position);
        } catch (Throwable thrownBySubscriber) {
            cancel();
            throw thrownBySubscriber;
        }
        if (!endIfDue()) {
            pull();
        }
    }

    /** Lane: what was sent before it still comes back. */
    @Override
    public void failed(long place, TotemException failure) {
        stopUpstream();
        ends(place, failure);
    }

    @Override
    public boolean isOver() {
        return cancelled || hasEnded;
    }

    /** Loop: nothing more can be sent. */
    void close(TotemException refusal) {
        lane.schedule(() -> {
            stopUpstream();
            ends(arrived, refusal);
        });
    }

    @Override
    public long neededBytes() {
        return 1;
    }

    /** Loop: there is room. */
    @Override
    public void begin() {
        hasTurn = true;
        isWaiting.set(false);
        lane.schedule(this::pull);
    }

    /** Requests as many messages as may come, from one thread at a time. */
    private void pull() {
        if (pulling.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            long asked = requested;
            long messages = wanted(asked);
            Subscription from = upstream;
            if (messages > 0 && from != null) {
                requested = asked + messages;
                from.request(messages);
            }
            missed = pulling.addAndGet(-missed);
        } while (missed != 0);
    }

    private void average(Message message, boolean isFirst) {
        int rotations = message.guarantee() == Guarantee.SAFE ? SAFE_ROTATIONS : 1;
        int counted = 1 + message.payload().length / rotations;
        averageBytes = isFirst ? counted : averageBytes + (counted - averageBytes) / AVERAGED;
    }

    private int inFlightMax() {
        int fitting = Math.max(IN_FLIGHT_LEAST, port.limits().sendBytesInFlight() / averageBytes);
        return Math.min(port.limits().sendsInFlight(), fitting);
    }

    private long wanted(long asked) {
        int inFlightMax = inFlightMax();
        int aheadMax = Math.min(requestsAhead, inFlightMax);
        long ahead = aheadMax - (asked - arrived);
        long inFlight = inFlightMax - (asked - emitted);
        long demand = demanded.get() - asked;
        long wanted = Math.min(demand, Math.min(ahead, inFlight));
        // Not one by one, so that upstream is not called for each, unless fewer are wanted.
        long least = Math.min(demand, Math.max(1, aheadMax / REQUESTS_PART));
        if (wanted < least || wanted <= 0 || cancelled || isUpstreamDone) {
            return 0;
        }
        if (hasTurn || !port.admission().isFull()) {
            hasTurn = false;
            return wanted;
        }
        if (isWaiting.compareAndSet(false, true)) {
            port.mailbox().submit(() -> port.sends().await(handle, this));
        }
        return 0;
    }

    private void endsAfter(long positions, @Nullable Throwable failure) {
        lane.schedule(() -> ends(positions, failure));
    }

    private void ends(long positions, @Nullable Throwable failure) {
        if (positions < end) {
            end = positions;
            reason = failure;
            if (failure != null) {
                port.mailbox().submit(() -> port.sends().cancelFrom(handle, this, positions));
            }
        }
        endIfDue();
    }

    private boolean endIfDue() {
        if (isOver() || emitted < end) {
            return isOver();
        }
        hasEnded = true;
        Throwable failure = reason;
        try {
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        } finally {
            release();
        }
        return true;
    }

    private void stopUpstream() {
        isUpstreamDone = true;
        Subscription from = upstream;
        if (from != null) {
            from.cancel();
        }
    }

    private void release() {
        port.mailbox().submit(() -> port.sends().detach(handle, this));
        if (isLaneReleased.compareAndSet(false, true)) {
            lane.release();
        }
    }
}

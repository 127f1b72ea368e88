/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import dev.totem.core.internal.node.crossing.HandleLane;
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
    private final Reservation room;

    private final AtomicLong demanded = new AtomicLong();

    /** More than zero while somebody pulls, and until the subscriber has been given its subscription. */
    private final AtomicInteger pulling = new AtomicInteger(1);

    private final AtomicBoolean isWaiting = new AtomicBoolean();
    private final AtomicBoolean isLaneReleased;
    private volatile boolean hasTurn;
    private volatile boolean cancelled;

    /** Messages of the turn that it waits for, or has, and their estimated bytes. */
    private long turn;

    private long turnBytes;
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
        room = port.reservation();
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
            actual.onSubscribe(this);
            port.mailbox().serve(() -> port.sends().attach(handle, this), thrown -> endsAfter(0, thrown));
            pullAll();
        }
    }

    /** Of an upstream that signals before it was asked for anything: rule 1.9 holds all the same. */
    private void subscribedAtLeast() {
        if (upstream == null) {
            onSubscribe(Operators.emptySubscription());
        }
    }

    /** Upstream's thread. */
    @Override
    public void onNext(Message message) {
        subscribedAtLeast();
        if (message == null) {
            NullPointerException refused = new NullPointerException("rule 2.13: a message is not null");
            stopUpstream();
            endsAfter(arrived, refused);
            throw refused;
        }
        if (isStopped()) {
            Operators.onNextDropped(message, actual.currentContext());
            return;
        }
        long place = arrived;
        long asked = requested;
        if (place >= asked) {
            stopUpstream();
            endsAfter(place, Exceptions.failWithOverflow("upstream emitted more messages than were requested"));
            return;
        }
        room.arrived(asked - place, PendingSend.costBytes(message));
        average(message, place == 0);
        arrived = place + 1;
        port.accept(new PendingSend(handle, message, this, place, port.admission(), true));
        if (isUpstreamDone) {
            giveBackRoom();
        }
        pullIfDue();
    }

    /** Upstream's thread. */
    @Override
    public void onError(Throwable failure) {
        subscribedAtLeast();
        if (isStopped()) {
            Operators.onErrorDropped(failure, actual.currentContext());
            return;
        }
        isUpstreamDone = true;
        giveBackRoom();
        endsAfter(arrived, failure);
    }

    /** Upstream's thread. */
    @Override
    public void onComplete() {
        subscribedAtLeast();
        if (!isUpstreamDone) {
            isUpstreamDone = true;
            giveBackRoom();
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
            pullIfDue();
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
        lane.schedule(this, this::currentContext, () -> {
            stopUpstream();
            ends(arrived, refusal);
        });
    }

    Reservation reservation() {
        return room;
    }

    @Override
    public long neededBytes() {
        return turnBytes;
    }

    /** Loop: there is room. */
    @Override
    public void begin() {
        room.takeTurn(turnBytes);
        hasTurn = true;
        isWaiting.set(false);
        lane.schedule(this, this::currentContext, this::pull);
    }

    /** Loop: more may be under way than before. */
    void resume() {
        lane.schedule(this, this::currentContext, this::pull);
    }

    /** After a change that may let messages be requested: who made the other changes that it needs has looked too, or will. */
    private void pullIfDue() {
        if (hasTurn || (!isWaiting.get() && wanted(requested) > 0)) {
            pull();
        }
    }

    private void pull() {
        if (pulling.getAndIncrement() == 0) {
            pullAll();
        }
    }

    /** Requests as many messages as may come, from one thread at a time. */
    private void pullAll() {
        int missed = 1;
        do {
            long asked = requested;
            long messages = granted(asked);
            Subscription from = upstream;
            if (messages > 0 && from != null) {
                requested = asked + messages;
                room.asked();
                if (isStopped()) {
                    giveBackRoom();
                } else {
                    from.request(messages);
                }
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
        return Math.min(port.admission().bulkMax(), Math.min(port.limits().sendsInFlight(), fitting));
    }

    /** As many messages as are wanted and have room; if none have, it waits for its turn. */
    private long granted(long asked) {
        long granted = 0;
        if (hasTurn) {
            hasTurn = false;
            granted = turn;
        } else if (!isWaiting.get()) {
            long wanted = wanted(asked);
            granted = wanted > 0 ? room.take(wanted) : 0;
            if (wanted > 0 && granted == 0) {
                turn = room.inTurn(wanted);
                turnBytes = room.neededBytes(turn);
                isWaiting.set(true);
                port.mailbox().submit(() -> port.sends().await(handle, this));
            }
        }
        return granted;
    }

    private long wanted(long asked) {
        int inFlightMax = inFlightMax();
        int aheadMax = Math.min(port.requestsAhead(), inFlightMax);
        long ahead = aheadMax - (asked - arrived);
        long inFlight = inFlightMax - (asked - emitted);
        long demand = demanded.get() - asked;
        long wanted = Math.min(demand, Math.min(ahead, inFlight));
        // Not one by one, so that upstream is not called for each, unless fewer are wanted.
        long least = Math.min(demand, Math.max(1, aheadMax / REQUESTS_PART));
        return wanted < least || isStopped() ? 0 : wanted;
    }

    private boolean isStopped() {
        return cancelled || isUpstreamDone;
    }

    /** Of messages that do not come any more. */
    private void giveBackRoom() {
        if (room.giveBack() && port.admission().isCrowded()) {
            port.mailbox().submit(port.admission()::advance);
        }
    }

    private void endsAfter(long positions, @Nullable Throwable failure) {
        lane.schedule(this, this::currentContext, () -> ends(positions, failure));
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
        giveBackRoom();
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

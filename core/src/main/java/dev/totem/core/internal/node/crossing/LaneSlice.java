/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** What one turn of a handle's lane may signal, and how it calls the user. The turn only, except where it says otherwise. */
final class LaneSlice {

    /** What one kind of signal, or one subscription, gets before the others. */
    static final int PART = 64;

    /** What a turn may signal, and how long it may take: the last signal may take it over. */
    private static final int SIGNALS_MAX = 512;

    private static final long NANOS_MAX = 1_000_000;

    /** The user is given so many signals in one call, and the clock is looked at after as many, or more while they take next to no time. */
    static final int HAND = 8;

    private static final int LOOK_MAX = 64;

    /** So many looks would fit into a turn. */
    private static final long QUICK_NANOS = NANOS_MAX / 64;

    private final LaneTurn turn;
    private final long ticket;
    private final LongSupplier clock;
    private final Runnable sweep;
    private final long endNanos;
    private int signalled;
    private int sinceLook;
    private int lookAfter = HAND;
    private long lookedNanos;
    private boolean isLost;
    private volatile boolean isBack;
    private Object whom = this;
    private boolean isSpent;
    private boolean hasLookedAgain;
    private @Nullable Throwable fatal;

    /** @param sweep frees what subscriptions hold that get nothing any more */
    LaneSlice(LaneTurn turn, long ticket, LongSupplier clock, Runnable sweep) {
        this.turn = turn;
        this.ticket = ticket;
        this.clock = clock;
        this.sweep = sweep;
        lookedNanos = clock.getAsLong();
        endNanos = lookedNanos + NANOS_MAX;
    }

    /** Takes note of all that was changed before. */
    void look() {
        hasLookedAgain = false;
        turn.looks(ticket);
        sweep.run();
    }

    /** Whether something was changed since {@link #look}. */
    boolean hasLookedAgain() {
        return hasLookedAgain;
    }

    /** Whether others are to have their turn; whatever may not be touched any more counts as spent. */
    boolean isSpent() {
        return isSpent || isLost;
    }

    /** Whether the turn was given to somebody else while the user was called. */
    boolean isLost() {
        return isLost;
    }

    /** Any thread, once the turn is lost: who was called last. */
    Object whom() {
        return whom;
    }

    /** The call in which the turn was lost has returned. */
    void isBack() {
        isBack = true;
    }

    /** Any thread. */
    boolean hasComeBack() {
        return isBack;
    }

    /**
     * Calls the user, whose errors are his own.
     *
     * @param called who it is, should he never come back
     * @return whether he came back in time and threw nothing
     */
    boolean give(Object called, HandleLane.Signal signal) {
        return give(called, signal, 1);
    }

    /** The same of a few signals at once, {@link #HAND} at most. */
    boolean give(Object called, HandleLane.Signal signal, int signals) {
        whom = called;
        while (!turn.gives(ticket)) {
            look();
            hasLookedAgain = true;
        }
        Throwable thrown = null;
        try {
            signal.emit();
        } catch (Throwable thrownBySubscriber) {
            thrown = thrownBySubscriber;
        }
        if (!turn.takes(ticket)) {
            isLost = true;
        } else {
            count(signals);
        }
        if (thrown != null) {
            dropped(thrown, signal);
        }
        return thrown == null && !isLost;
    }

    private void count(int signals) {
        signalled += signals;
        sinceLook += signals;
        isSpent |= signalled >= SIGNALS_MAX;
        if (sinceLook >= lookAfter) {
            sinceLook = 0;
            long nowNanos = clock.getAsLong();
            lookAfter = nowNanos - lookedNanos < QUICK_NANOS ? Math.min(LOOK_MAX, 2 * lookAfter) : HAND;
            lookedNanos = nowNanos;
            isSpent |= nowNanos - endNanos >= 0;
        }
    }

    private void dropped(Throwable thrown, HandleLane.Signal signal) {
        try {
            Exceptions.throwIfJvmFatal(thrown);
            Operators.onErrorDropped(thrown, context(signal));
        } catch (Throwable fatalOrOfHook) {
            fatal = fatalOrOfHook;
            isSpent = true;
        }
    }

    private static Context context(HandleLane.Signal signal) {
        try {
            return signal.currentContext();
        } catch (RuntimeException ofTheSubscriber) {
            return Context.empty();
        }
    }

    /** When all else is safe. */
    void rethrowFatal() {
        Throwable thrown = fatal;
        if (thrown != null) {
            throw Exceptions.propagate(thrown);
        }
    }
}

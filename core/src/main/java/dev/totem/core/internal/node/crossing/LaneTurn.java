/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Who may take from the queues of a handle: one at a time, a turn of a worker after another. Any thread.
 *
 * <p>Each turn has a number, its ticket. Where code of the user runs, the turn is out of its own hands: it may not come back
 * for ever. Meanwhile the loop may sweep the queues, or give the turn to somebody else; who comes back asks first whether the
 * turn is still his, and nobody waits for anybody.
 *
 * <p>Whoever changes something wakes. No code of the user runs before the turn has looked at what was changed: so the loop, if
 * it finds a turn that takes, knows that this turn will do what is to be done.
 */
public final class LaneTurn {

    /** No ticket. */
    public static final long NONE = 0;

    private static final long IDLE = 0;
    /** Handed to a worker, not begun. */
    private static final long SCHEDULED = 1;
    /** A worker takes from the queues. */
    private static final long TAKING = 2;
    /** It has called the user. */
    private static final long GIVING = 3;
    /** Added to the phase in which the loop takes from the queues instead. */
    private static final long SWEEPING = 4;
    /** The worker came back while the loop swept, and has left. */
    private static final long RETURNED = TAKING | SWEEPING;

    private static final long PHASE = 7;
    private static final long IS_CHANGED = 8;
    private static final long ONE_TICKET = 16;
    private static final long TICKET = -ONE_TICKET;

    private final AtomicLong state = new AtomicLong();

    /** Something has changed: {@link #NONE}, or the ticket of a turn that is to be scheduled. */
    long wake() {
        while (true) {
            long now = state.get();
            boolean isIdle = (now & PHASE) == IDLE;
            long next = isIdle ? scheduledAfter(now) : now | IS_CHANGED;
            if (state.compareAndSet(now, next)) {
                return isIdle ? next & TICKET : NONE;
            }
        }
    }

    /** Whether the turn begins, or goes on after a call of the user; if not, it is somebody else's and nothing may be touched. */
    boolean takes(long ticket) {
        while (true) {
            long now = state.get();
            if ((now & TICKET) != ticket) {
                return false;
            }
            boolean isSwept = (now & SWEEPING) != 0;
            long next = (now & ~PHASE) | (isSwept ? RETURNED : TAKING);
            if (state.compareAndSet(now, next)) {
                return !isSwept;
            }
        }
    }

    /** Whether the user may be called now; if not, something has changed and is to be looked at first. */
    boolean gives(long ticket) {
        return state.compareAndSet(ticket | TAKING, ticket | GIVING);
    }

    /** From here on the turn has looked at all that was changed before. */
    void looks(long ticket) {
        state.set(ticket | TAKING);
    }

    /** Whether the turn ends, as nothing has changed since it looked. */
    boolean ends(long ticket) {
        return state.compareAndSet(ticket | TAKING, ticket | IDLE);
    }

    /** The turn ends and is followed by another one, whose ticket this is. */
    long again() {
        long next = scheduledAfter(state.get());
        state.set(next);
        return next & TICKET;
    }

    /** Loop: whether it may take from the queues until {@link #swept}; if not, the turn looks before it calls the user. */
    boolean sweeps() {
        while (true) {
            long now = state.get();
            if ((now & PHASE) == TAKING) {
                return false;
            }
            if (state.compareAndSet(now, now | SWEEPING)) {
                return true;
            }
        }
    }

    /** Loop: {@link #NONE}, or the ticket of a turn that is to be scheduled. */
    long swept() {
        while (true) {
            long now = state.get();
            boolean isOver = (now & PHASE) == RETURNED || ((now & PHASE) == SWEEPING && (now & IS_CHANGED) != 0);
            long next = isOver ? scheduledAfter(now) : now & ~SWEEPING;
            if (state.compareAndSet(now, next)) {
                return isOver ? next & TICKET : NONE;
            }
        }
    }

    /** The ticket of the turn that has been scheduled and has not ended; {@link #NONE} if there is none. */
    long underWay() {
        long now = state.get();
        return (now & PHASE & ~SWEEPING) == IDLE ? NONE : now & TICKET;
    }

    /** Whether a turn was scheduled that has not begun. */
    boolean isScheduled() {
        return (state.get() & PHASE & ~SWEEPING) == SCHEDULED;
    }

    /** Whether a worker has called the user in its turn and did not come back yet. */
    boolean isGiving() {
        return (state.get() & PHASE & ~SWEEPING) == GIVING;
    }

    /** Takes a turn that has not begun from its worker: the ticket of the one in its place, or {@link #NONE}. */
    long moved() {
        long now = state.get();
        return (now & PHASE) == SCHEDULED ? replaced(now) : NONE;
    }

    /** Takes a turn from who was called in it and has not come back: the ticket of the one in its place, or {@link #NONE}. */
    long rescued(long ticket) {
        long now = state.get();
        long phase = now & PHASE;
        return (now & TICKET) == ticket && (phase == SCHEDULED || phase == GIVING) ? replaced(now) : NONE;
    }

    private long replaced(long now) {
        long next = scheduledAfter(now);
        return state.compareAndSet(now, next) ? next & TICKET : NONE;
    }

    private static long scheduledAfter(long now) {
        return ((now & TICKET) + ONE_TICKET) | SCHEDULED;
    }
}

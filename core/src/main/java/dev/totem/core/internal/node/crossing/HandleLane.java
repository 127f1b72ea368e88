/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * All signals of a handle, one after another, in the one order: the events of its subscriptions and the outcomes of its sends.
 * Any thread, except where it says otherwise.
 *
 * <p>Each subscription has its own queue, because each has its own demand; every event and every outcome carries its place in
 * the order, and an outcome is signalled when no subscription that asks for more has an event from before it. So a send
 * completes after the subscribers were given what came before, and a subscriber that asks for nothing holds up nobody.
 *
 * <p>The worker of the handle runs turns, a slice of signals and of time each, and others have theirs in between. The order is
 * kept here and not left to the worker: that of a thread pool, or of a thread a task, keeps none. The worker is given back when
 * the handle and its last subscription have ended; what comes later runs on the scheduler as such, and elsewhere, but never on
 * the loop, after the scheduler was disposed, or threw what it may not ({@link LaneScheduler}).
 */
public final class HandleLane {

    private static final int KINDS = 3;

    /** What a call is answered with that would block the thread which is to complete it. */
    public static final String WAITS_FOR_ITSELF =
            "this thread is in a callback of the same handle, and what it would block for is"
                    + " signalled after that callback has returned: compose instead of blocking (concatMap, flatMap, then), or move"
                    + " what blocks to another thread with publishOn";

    private final LaneScheduler scheduler;
    private final LaneWatch watch;
    private final AtomicBoolean isWatched = new AtomicBoolean();
    private final LaneTurn turn = new LaneTurn();
    private final AtomicInteger users = new AtomicInteger(1);

    private final Queue<Signal> signals =
            Queues.<Signal>unboundedMultiproducer().get();

    /** Changed by the loop only. */
    private volatile List<EventSubscription> subscriptions = List.of();

    /** Filled by the loop only, emptied by whose turn it is: those that get nothing any more. */
    private final Queue<EventSubscription> gone = new ConcurrentLinkedQueue<>();

    /** The turn's, while it is under way. */
    private @Nullable LaneSlice current;

    private final Absentees absentees = new Absentees();
    private final LaneOutcomes outcomes = new LaneOutcomes(absentees);

    /** No thread of the scheduler came for a turn, and none has since. */
    private volatile boolean isElsewhere;

    /** How often a turn did not come on. */
    private final AtomicInteger passes = new AtomicInteger();

    private volatile @Nullable Thread runner;
    private int firstServed;
    private boolean isMarked;

    /** A signal that has no place among the events. */
    public interface Signal {

        void emit();

        /** Of the subscriber that gets it. */
        Context currentContext();

        /** Who gets it: the same object for all signals that may not be given side by side. */
        default Object whom() {
            return this;
        }
    }

    /** @param scheduler whose worker is in use until all users have called {@link #release()} */
    public HandleLane(LaneScheduler scheduler, LaneWatch watch) {
        this.scheduler = scheduler;
        this.watch = watch;
    }

    /** One user more, who must {@link #release()} once; false if the worker was given back already. */
    public boolean retain() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    public void release() {
        if (users.decrementAndGet() == 0) {
            wake();
        }
    }

    /**
     * Runs a task that signals something, soon and behind those that were scheduled before.
     *
     * @param whom as {@link Signal#whom}
     * @param context of the subscriber that the task signals to
     */
    public void schedule(Object whom, Supplier<Context> context, Runnable task) {
        schedule(new Signal() {
            @Override
            public void emit() {
                task.run();
            }

            @Override
            public Context currentContext() {
                return context.get();
            }

            @Override
            public Object whom() {
                return whom;
            }
        });
    }

    public void schedule(Signal signal) {
        signals.offer(signal);
        wake();
    }

    /** Loop: the outcome of a send that came back; a {@link #wake} must follow. */
    public void came(OrderedSignal send) {
        outcomes.add(send);
    }

    /** Loop: a subscription that is served from now on; a {@link #wake} must follow. */
    public void attach(EventSubscription subscription) {
        subscriptions =
                Stream.concat(subscriptions.stream(), Stream.of(subscription)).toList();
    }

    /** Loop: a subscription that was told its end. */
    public void detach(EventSubscription subscription) {
        subscriptions =
                subscriptions.stream().filter(other -> other != subscription).toList();
    }

    /** Loop: it got something; says whether it is the first since {@link #wakeMarked}, which must follow. */
    boolean marked() {
        boolean isFirst = !isMarked;
        isMarked = true;
        return isFirst;
    }

    /** Loop. */
    void wakeMarked() {
        isMarked = false;
        wake();
    }

    /** Something is there to be signalled. */
    void wake() {
        handOver(turn.wake());
        if (!isWatched.get() && isWatched.compareAndSet(false, true)) {
            watch.watch(this);
        }
    }

    /** Nothing is to be signalled; says whether there is something again, and nobody else watches. */
    boolean endWatch() {
        isWatched.set(false);
        return turn.underWay() != LaneTurn.NONE && isWatched.compareAndSet(false, true);
    }

    /** Loop: frees what a subscription holds that gets nothing any more, though the thread of the handle may be stuck. */
    public void sweep(EventSubscription subscription) {
        gone.add(subscription);
        wake();
        if (turn.sweeps()) {
            sweepGone();
            handOver(turn.swept());
        }
    }

    /** The worker gives no turn, perhaps because another handle blocks its thread: tries another one. */
    void changeWorker() {
        long ticket = turn.moved();
        if (ticket != LaneTurn.NONE && users.get() > 0) {
            scheduler.changeWorker();
        }
        handOver(ticket);
    }

    /** The ticket of the turn that is under way; {@link LaneTurn#NONE} if there is none. */
    public long turnUnderWay() {
        return turn.underWay();
    }

    /** How often a turn has not come on and was passed by. Any thread. */
    public int passes() {
        return passes.get();
    }

    /**
     * Whether somebody else keeps the thread of the handle, or the scheduler does, or one of them has since there were so many
     * {@link #passes}: who was given a thread a moment ago has not had his time.
     */
    public boolean isKeptFrom(Object whom, int passesBefore) {
        LaneSlice slice = current;
        boolean isInHandsOfOther = turn.isGiving() && slice != null && slice.whom() != whom;
        return !absentees.has(whom) && (turn.isScheduled() || isInHandsOfOther || passes.get() != passesBefore);
    }

    /**
     * This turn does not come on: another worker takes it over, or, if one has, somebody elsewhere. Whoever it is in the hands of
     * gets nothing before he has come back.
     */
    void passBy(long ticket, boolean hasMoved) {
        passes.incrementAndGet();
        if (hasMoved) {
            isElsewhere = true;
            rescue(ticket);
        } else if (turn.isScheduled()) {
            changeWorker();
        } else {
            long next = taken(ticket);
            if (next != LaneTurn.NONE) {
                scheduler.leaveWorker();
                handOver(next);
            }
        }
    }

    /** Signals elsewhere what is left, as this turn does not come back. Whoever it is in the hands of gets nothing before. */
    public void rescue(long ticket) {
        long next = taken(ticket);
        if (next != LaneTurn.NONE) {
            scheduler.runElsewhere(() -> run(next, true));
        }
    }

    private long taken(long ticket) {
        long next = turn.rescued(ticket);
        LaneSlice stuck = current;
        if (next != LaneTurn.NONE && stuck != null) {
            absentees.add(stuck);
        }
        return next;
    }

    /**
     * Whether a subscriber that subscribes blocks the calling thread, which is in a signal of this handle, until it has its own.
     * All those of Reactor that block are latches; one that has its subscription already is waited for by another thread, or
     * will be. Who waits in another way, for a future, is not seen.
     */
    public boolean wouldWaitForItself(Object subscriber) {
        if (runner != Thread.currentThread()) {
            return false;
        }
        Scannable scanned = Scannable.from(subscriber);
        return Stream.concat(Stream.of(subscriber), scanned.isScanAvailable() ? scanned.actuals() : Stream.empty())
                .anyMatch(HandleLane::isToBlock);
    }

    private static boolean isToBlock(Object subscriber) {
        return subscriber instanceof CountDownLatch
                && Scannable.from(subscriber).scan(Scannable.Attr.PARENT) == null;
    }

    private void handOver(long ticket) {
        if (ticket == LaneTurn.NONE) {
            return;
        }
        if (isElsewhere) {
            scheduler.runElsewhere(() -> run(ticket, true));
        } else if (users.get() > 0) {
            scheduler.runOnWorker(() -> run(ticket, false));
        } else {
            scheduler.runWithoutWorker(() -> run(ticket, false));
        }
    }

    private void run(long ticket, boolean isRunElsewhere) {
        if (!turn.takes(ticket)) {
            cameFrom(isRunElsewhere);
            return;
        }
        runner = Thread.currentThread();
        try {
            run(ticket, new LaneSlice(turn, ticket, scheduler::nowNanos, this::sweepGone), isRunElsewhere);
        } catch (RuntimeException | Error broken) {
            if (turn.underWay() == ticket) {
                // What is left is signalled all the same, when there is memory again; nobody is away.
                current = null;
                runner = null;
                handOver(turn.again());
            }
            throw broken;
        }
    }

    private void run(long ticket, LaneSlice slice, boolean isRunElsewhere) {
        current = slice;
        boolean isOver = false;
        while (!isOver && !slice.isLost() && !slice.isSpent()) {
            slice.look();
            boolean isNothingLeft = !serve(slice) && !slice.hasLookedAgain() && !slice.isSpent();
            isOver = isNothingLeft && ends(ticket);
        }
        if (slice.isLost()) {
            absentees.back(slice);
            cameFrom(isRunElsewhere);
            if (absentees.isEmpty()) {
                scheduler.disposeLeft();
            }
            wake();
        } else if (!isOver) {
            current = null;
            runner = null;
            handOver(turn.again());
        }
        slice.rethrowFatal();
    }

    /** A thread has come, or come back, for a turn that is not its own any more. */
    private void cameFrom(boolean isElsewhereItself) {
        if (!isElsewhereItself) {
            isElsewhere = false;
        }
    }

    private void sweepGone() {
        for (EventSubscription next = gone.poll(); next != null; next = gone.poll()) {
            next.sweep();
        }
    }

    private boolean ends(long ticket) {
        if (users.get() == 0) {
            scheduler.releaseWorker();
        }
        LaneSlice slice = current;
        current = null;
        runner = null;
        boolean ends = turn.ends(ticket);
        if (!ends) {
            current = slice;
            runner = Thread.currentThread();
        }
        return ends;
    }

    /** Signals what there is, up to a part of each kind, another one first each time; says whether there was anything. */
    private boolean serve(LaneSlice slice) {
        int first = firstServed++;
        boolean isBusy = absentees.serve(slice);
        for (int i = 0; i < KINDS && !slice.isLost(); i++) {
            isBusy |= switch (Math.floorMod(first + i, KINDS)) {
                case 0 -> serveSignals(slice);
                case 1 -> outcomes.serve(slice, subscriptions);
                default -> serveSubscriptions(slice, first);
            };
        }
        return isBusy;
    }

    private boolean serveSubscriptions(LaneSlice slice, int first) {
        boolean isBusy = false;
        List<EventSubscription> all = subscriptions;
        for (int i = 0; i < all.size() && !slice.isLost(); i++) {
            EventSubscription subscription = all.get(Math.floorMod(first / KINDS + i, all.size()));
            isBusy |= !absentees.has(subscription) && subscription.serve(slice);
        }
        return isBusy;
    }

    private boolean serveSignals(LaneSlice slice) {
        boolean isBusy = false;
        for (int i = 0; i < LaneSlice.PART && !slice.isSpent(); i++) {
            Signal signal = signals.poll();
            if (signal == null) {
                break;
            }
            isBusy = true;
            if (absentees.has(signal.whom())) {
                absentees.keep(signal);
            } else {
                slice.give(signal.whom(), signal);
            }
        }
        return isBusy;
    }
}

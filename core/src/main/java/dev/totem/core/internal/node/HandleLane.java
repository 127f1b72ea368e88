/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;
import reactor.core.scheduler.Schedulers;
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
final class HandleLane {

    private static final int KINDS = 3;

    /** What a call is answered with that would block the thread which is to complete it. */
    static final String WAITS_FOR_ITSELF =
            "this thread is in a callback of the same handle, and what it would block for is"
                    + " signalled after that callback has returned: compose instead of blocking (concatMap, flatMap, then), or move"
                    + " what blocks to another thread with publishOn";

    private final LaneScheduler scheduler;
    private final LaneTurn turn = new LaneTurn();
    private final AtomicInteger users = new AtomicInteger(1);

    private final Queue<Signal> signals =
            Queues.<Signal>unboundedMultiproducer().get();

    /** Filled by the loop only. */
    private final Queue<PendingSend> outcomes = Queues.<PendingSend>unbounded().get();

    /** Changed by the loop only. */
    private volatile List<EventSubscription> subscriptions = List.of();

    /** Filled by the loop only, emptied by whose turn it is: those that get nothing any more. */
    private final Queue<EventSubscription> gone = new ConcurrentLinkedQueue<>();

    /** The turn's, while it is under way. */
    private @Nullable LaneSlice current;

    /** Who has not come back from a turn that was rescued: they get nothing before they do. */
    private final Set<Object> lost = ConcurrentHashMap.newKeySet();

    /** The turn's: outcomes for the lost. */
    private final Queue<PendingSend> setAside = new ArrayDeque<>();

    private volatile @Nullable Thread runner;
    private int firstServed;
    private boolean isMarked;

    /** A signal that has no place among the events. */
    interface Signal {

        void emit();

        /** Of the subscriber that gets it. */
        Context currentContext();
    }

    /** @param scheduler whose worker is in use until all users have called {@link #release()} */
    HandleLane(LaneScheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** One user more, who must {@link #release()} once; false if the worker was given back already. */
    boolean retain() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            wake();
        }
    }

    /** Runs a task that signals something, soon and behind those that were scheduled before. */
    void schedule(Runnable task) {
        schedule(Context.empty(), task);
    }

    /** @param context of the subscriber that the task signals to */
    void schedule(Context context, Runnable task) {
        schedule(new Signal() {
            @Override
            public void emit() {
                task.run();
            }

            @Override
            public Context currentContext() {
                return context;
            }
        });
    }

    void schedule(Signal signal) {
        signals.offer(signal);
        wake();
    }

    /** Loop: the outcome of a send that came back; a {@link #wake} must follow. */
    void came(PendingSend send) {
        outcomes.offer(send);
    }

    /** Loop: a subscription that is served from now on; a {@link #wake} must follow. */
    void attach(EventSubscription subscription) {
        subscriptions =
                Stream.concat(subscriptions.stream(), Stream.of(subscription)).toList();
    }

    /** Loop: a subscription that was told its end. */
    void detach(EventSubscription subscription) {
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
    }

    /** Loop: frees what a subscription holds that gets nothing any more, though the thread of the handle may be stuck. */
    void sweep(EventSubscription subscription) {
        gone.add(subscription);
        wake();
        if (turn.sweeps()) {
            sweepGone();
            handOver(turn.swept());
        }
    }

    /** Whether the worker has not given the handle its turn yet. */
    boolean awaitsTurn() {
        return turn.isScheduled();
    }

    /** Loop: the worker gives no turn, perhaps because another handle blocks its thread: tries another one. */
    void changeWorker() {
        long ticket = turn.moved();
        if (ticket != LaneTurn.NONE && users.get() > 0) {
            scheduler.changeWorker();
        }
        handOver(ticket);
    }

    /** The ticket of the turn that is under way; {@link LaneTurn#NONE} if there is none. */
    long turnUnderWay() {
        return turn.underWay();
    }

    /** Signals elsewhere what is left, as this turn does not come back. Whoever it is in the hands of gets nothing before. */
    void rescue(long ticket) {
        long next = turn.rescued(ticket);
        if (next != LaneTurn.NONE) {
            LaneSlice stuck = current;
            if (stuck != null) {
                lost.add(stuck.whom());
                if (stuck.hasComeBack()) {
                    lost.remove(stuck.whom());
                }
            }
            Schedulers.parallel().schedule(() -> run(next));
        }
    }

    /**
     * Whether a subscriber that subscribes blocks the calling thread, which is in a signal of this handle, until it has its own.
     * All those of Reactor that block are latches; one that has its subscription already is waited for by another thread, or
     * will be. Who waits in another way, for a future, is not seen.
     */
    boolean wouldWaitForItself(Object subscriber) {
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
        if (users.get() > 0) {
            scheduler.runOnWorker(() -> run(ticket));
        } else {
            scheduler.runWithoutWorker(() -> run(ticket));
        }
    }

    private void run(long ticket) {
        if (!turn.takes(ticket)) {
            return;
        }
        runner = Thread.currentThread();
        try {
            run(ticket, new LaneSlice(turn, ticket, scheduler::nowNanos, this::sweepGone));
        } catch (OutOfMemoryError noMemory) {
            if (turn.underWay() == ticket) {
                // What is left is signalled when there is some again.
                handOver(turn.again());
            }
            throw noMemory;
        }
    }

    private void run(long ticket, LaneSlice slice) {
        current = slice;
        boolean isOver = false;
        while (!isOver && !slice.isLost() && !slice.isSpent()) {
            slice.look();
            boolean isNothingLeft = !serve(slice) && !slice.hasLookedAgain() && !slice.isSpent();
            isOver = isNothingLeft && ends(ticket);
        }
        if (slice.isLost()) {
            slice.isBack();
            lost.remove(slice.whom());
            wake();
        } else if (!isOver) {
            current = null;
            runner = null;
            handOver(turn.again());
        }
        slice.rethrowFatal();
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
        boolean isBusy = false;
        for (int i = 0; i < KINDS && !slice.isLost(); i++) {
            isBusy |= switch (Math.floorMod(first + i, KINDS)) {
                case 0 -> serveSignals(slice);
                case 1 -> serveOutcomes(slice);
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
            isBusy |= !isLost(subscription) && subscription.serve(slice);
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
            slice.give(signal, signal);
        }
        return isBusy;
    }

    private boolean serveOutcomes(LaneSlice slice) {
        boolean isBusy = false;
        while (!setAside.isEmpty() && !isLost(setAside.element().outcome()) && !slice.isSpent()) {
            PendingSend late = setAside.remove();
            isBusy = true;
            slice.give(late.outcome(), late);
        }
        OutcomeRun run = null;
        int served = 0;
        while (served < LaneSlice.PART && !slice.isSpent()) {
            PendingSend next = outcomes.peek();
            isBusy |= next != null;
            if (next == null || !isDue(next)) {
                break;
            }
            // Before anything is taken: memory may have run out.
            run = run == null ? new OutcomeRun() : run;
            outcomes.poll();
            run.begin(next);
            if (isLost(next.outcome())) {
                setAside.add(next);
                served++;
            } else {
                fill(run);
                served += run.size();
                slice.give(next.outcome(), run, run.size());
                if (!slice.isLost()) {
                    setAside.addAll(run.rest());
                }
            }
        }
        return isBusy;
    }

    /** Takes the outcomes behind that are of the same publisher, while no event comes before them. */
    private void fill(OutcomeRun run) {
        PendingSend next = outcomes.peek();
        while (next != null && run.accepts(next) && isClear(next)) {
            run.add(next);
            outcomes.poll();
            next = outcomes.peek();
        }
    }

    private boolean isLost(Object whom) {
        return !lost.isEmpty() && lost.contains(whom);
    }

    /** Whether no subscription has an event from before it, so that it stays due whatever is asked for meanwhile. */
    private boolean isClear(PendingSend send) {
        for (EventSubscription subscription : subscriptions) {
            if (!isLost(subscription) && !subscription.hasNoneBefore(send.after())) {
                return false;
            }
        }
        return true;
    }

    /** Whether no subscription that asks for more has an event from before it. */
    private boolean isDue(PendingSend send) {
        for (EventSubscription subscription : subscriptions) {
            if (!isLost(subscription) && !subscription.isPast(send.after())) {
                return false;
            }
        }
        return true;
    }
}

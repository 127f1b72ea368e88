/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import java.util.List;
import java.util.Queue;
import reactor.util.concurrent.Queues;

/**
 * How the sends of a handle ended, in the one order: each is signalled when no subscription that asks for more has an event from
 * before it. The turn's, except where it says otherwise.
 */
final class LaneOutcomes {

    private final Absentees absentees;

    /** Filled by the loop only. */
    private final Queue<OrderedSignal> waiting =
            Queues.<OrderedSignal>unbounded().get();

    LaneOutcomes(Absentees absentees) {
        this.absentees = absentees;
    }

    /** Loop. */
    void add(OrderedSignal send) {
        waiting.offer(send);
    }

    /** Turn: signals a part of what is due; says whether there was anything. */
    boolean serve(LaneSlice slice, List<EventSubscription> subscriptions) {
        boolean isBusy = false;
        OutcomeRun run = null;
        int served = 0;
        while (served < LaneSlice.PART && !slice.isSpent()) {
            OrderedSignal next = waiting.peek();
            isBusy |= next != null;
            if (next == null || !isDue(next, subscriptions)) {
                break;
            }
            // Before anything is taken: memory may have run out.
            run = run == null ? new OutcomeRun() : run;
            waiting.poll();
            run.begin(next);
            if (absentees.has(next.whom())) {
                absentees.keep(next);
                served++;
            } else {
                fill(run, subscriptions);
                served += run.size();
                slice.give(next.whom(), run, run.size());
                if (!slice.isLost()) {
                    run.rest().forEach(absentees::keep);
                }
            }
        }
        return isBusy;
    }

    /** Takes the outcomes behind that are of the same publisher, while no event comes before them. */
    private void fill(OutcomeRun run, List<EventSubscription> subscriptions) {
        OrderedSignal next = waiting.peek();
        while (next != null && run.accepts(next) && isClear(next, subscriptions)) {
            run.add(next);
            waiting.poll();
            next = waiting.peek();
        }
    }

    /** Whether no subscription has an event from before it, so that it stays due whatever is asked for meanwhile. */
    private boolean isClear(OrderedSignal send, List<EventSubscription> subscriptions) {
        for (EventSubscription subscription : subscriptions) {
            if (!absentees.has(subscription) && !subscription.hasNoneBefore(send.after())) {
                return false;
            }
        }
        return true;
    }

    /** Whether no subscription that asks for more has an event from before it. */
    private boolean isDue(OrderedSignal send, List<EventSubscription> subscriptions) {
        for (EventSubscription subscription : subscriptions) {
            if (!absentees.has(subscription) && !subscription.isPast(send.after())) {
                return false;
            }
        }
        return true;
    }
}

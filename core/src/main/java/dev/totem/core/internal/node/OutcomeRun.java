/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import reactor.util.context.Context;

/**
 * Outcomes of sends of one publisher that are signalled in one call. The turn's; in the hands of the user while it is emitted,
 * and one that was interrupted by an error goes on behind it.
 */
final class OutcomeRun implements HandleLane.Signal {

    private final PendingSend[] sends = new PendingSend[LaneSlice.HAND];
    private final PendingSend first;
    private int size;
    private int emitted;

    OutcomeRun(PendingSend first) {
        this.first = first;
        add(first);
    }

    boolean accepts(PendingSend send) {
        return size < sends.length && send.outcome() == first.outcome();
    }

    void add(PendingSend send) {
        sends[size++] = send;
    }

    int size() {
        return size;
    }

    /** How many are not signalled yet. */
    int left() {
        return size - emitted;
    }

    @Override
    public void emit() {
        while (emitted < size) {
            sends[emitted++].emit();
        }
    }

    @Override
    public Context currentContext() {
        return first.currentContext();
    }
}

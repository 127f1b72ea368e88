/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import java.util.List;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Emits the signals of a handle's Monos on the handle's lane. Any thread.
 *
 * <p>A signal takes its place on the lane when it is emitted, behind the subscribers that were woken before it; it never
 * joins a run that is under way, which would carry it past them.
 */
final class HandleSignals {

    private final HandleLane lane;

    HandleSignals(HandleLane lane) {
        this.lane = lane;
    }

    void emit(Runnable signal) {
        lane.schedule(() -> run(signal));
    }

    /** The signals of one batch, in order, in one hand-over. */
    void emitAll(List<Runnable> signals) {
        lane.schedule(() -> signals.forEach(HandleSignals::run));
    }

    /** After the signals so far the handle needs its lane no more. */
    void release() {
        emit(lane::release);
    }

    private static void run(Runnable signal) {
        try {
            signal.run();
        } catch (RuntimeException thrownBySubscriber) {
            Operators.onErrorDropped(thrownBySubscriber, Context.empty());
        }
    }
}

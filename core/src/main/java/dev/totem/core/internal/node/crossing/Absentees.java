/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who was called in a turn of a lane and has not come back, so that the turn was taken from him: he is told nothing before, and
 * what he is to be told is kept. The turn's, except where it says otherwise.
 */
final class Absentees {

    private final Set<Object> away = ConcurrentHashMap.newKeySet();
    private final Map<Object, Queue<HandleLane.Signal>> kept = new LinkedHashMap<>();

    /** Any thread: a turn was taken from him whom this slice has called last. */
    void add(LaneSlice stuck) {
        away.add(stuck.whom());
        if (stuck.hasComeBack()) {
            away.remove(stuck.whom());
        }
    }

    /** He is back: any thread. */
    void back(LaneSlice slice) {
        slice.isBack();
        away.remove(slice.whom());
    }

    /** Any thread. */
    boolean isEmpty() {
        return away.isEmpty();
    }

    /** Any thread. */
    boolean has(Object whom) {
        return !away.isEmpty() && away.contains(whom);
    }

    /** Keeps a signal for him who is away. */
    void keep(HandleLane.Signal signal) {
        kept.computeIfAbsent(signal.whom(), whom -> new ArrayDeque<>()).add(signal);
    }

    /** Tells those that have come back what was kept for them; says whether there was anything. */
    boolean serve(LaneSlice slice) {
        boolean isBusy = false;
        for (Object whom : kept.isEmpty() ? List.of() : List.copyOf(kept.keySet())) {
            isBusy |= !slice.isLost() && !has(whom) && serve(slice, whom);
        }
        return isBusy;
    }

    private boolean serve(LaneSlice slice, Object whom) {
        Queue<HandleLane.Signal> late = kept.getOrDefault(whom, new ArrayDeque<>());
        boolean isBusy = false;
        while (!slice.isSpent() && !late.isEmpty()) {
            isBusy = true;
            slice.give(whom, late.remove());
        }
        if (!slice.isLost() && late.isEmpty()) {
            kept.remove(whom);
        }
        return isBusy;
    }
}

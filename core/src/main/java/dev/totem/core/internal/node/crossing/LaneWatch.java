/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Sees to it that a callback that does not return keeps nothing from anybody but who it was given to: a turn of a lane that is
 * under way for longer than a limit is taken from its thread. Any thread.
 *
 * <p>One that no thread has begun goes to another worker of the handle's scheduler; where that does not help, what is to be
 * signalled is signalled elsewhere. A lane is looked at once a limit, while it has something to signal.
 */
public final class LaneWatch {

    /** For a lane that calls nobody. */
    public static final LaneWatch NONE = new LaneWatch((delay, look) -> {}, Duration.ZERO);

    private final BiConsumer<Duration, Runnable> later;
    private final Duration limit;

    /** @param later runs a look, after a delay, on a thread that no user blocks */
    public LaneWatch(BiConsumer<Duration, Runnable> later, Duration limit) {
        this.later = later;
        this.limit = limit;
    }

    /** Looks at a lane while it is busy; ends with {@link HandleLane#endWatch}. */
    void watch(HandleLane lane) {
        look(lane, LaneTurn.NONE, false);
    }

    /**
     * @param before the turn that was under way at the last look
     * @param hasMoved whether that turn is one in the place of another that did not come on
     */
    private void look(HandleLane lane, long before, boolean hasMoved) {
        long now = lane.turnUnderWay();
        boolean isStuck = now != LaneTurn.NONE && now == before;
        if (isStuck) {
            lane.passBy(now, hasMoved);
        }
        long next = lane.turnUnderWay();
        if (next != LaneTurn.NONE || lane.endWatch()) {
            later.accept(limit, () -> look(lane, next, isStuck));
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import java.util.ArrayList;
import java.util.List;

/** The lanes that got something in a batch: each is woken once, at its end. Node loop only. */
public final class WokenLanes {

    private final List<HandleLane> lanes = new ArrayList<>();

    /** A lane got something. */
    public void add(HandleLane lane) {
        if (lane.marked()) {
            lanes.add(lane);
        }
    }

    public void flush() {
        lanes.forEach(HandleLane::wakeMarked);
        lanes.clear();
    }
}

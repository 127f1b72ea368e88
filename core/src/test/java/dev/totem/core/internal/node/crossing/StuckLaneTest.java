/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.util.context.Context;

/** A lane whose scheduler runs nothing: what is signalled elsewhere. */
class StuckLaneTest {

    private final StuckLane stuck = new StuckLane();

    @Test
    void whatWasMovedElsewhereStaysThereThoughTheLoopSweepsInBetween() {
        HandleLane lane = stuck.handleLane();
        DeliveryMemory memory = stuck.memory();
        EventSubscription swept = stuck.subscribe();
        List<String> ran = new ArrayList<>();
        stuck.offer(swept);
        lane.schedule("one", Context::empty, () -> ran.add("one"));
        stuck.moveElsewhere();
        assertThat(memory.starve()).isFalse();
        memory.whenRoom(stuck::runElsewhere);

        swept.cancel();
        lane.sweep(swept);

        assertThat(stuck.waitingElsewhere()).isOne();
        stuck.runElsewhere();
        assertThat(ran).containsExactly("one");
    }
}

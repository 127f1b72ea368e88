/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.internal.node.crossing.EventSubscription;
import dev.totem.core.internal.node.crossing.StuckLane;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who is called slow, and who was only kept from his turn. */
class SlowSubscribersTest {

    private static final long STALL_NANOS = 500;

    private final StuckLane lane = new StuckLane();
    private final AtomicLong clock = new AtomicLong();
    private final SlowSubscribers slow = new SlowSubscribers(Duration.ofNanos(STALL_NANOS), clock::get);

    @Test
    void whoseTurnHasJustComeIsNotCalledSlowForTheTimeBeforeIt() {
        EventSubscription victim = lane.subscribe();
        lane.offer(victim);
        lane.wake();
        slow.waitsFor(victim);
        lane.onEvent(() -> {
            clock.set(STALL_NANOS);
            slow.expire();
        });

        lane.moveElsewhere();
        lane.runElsewhere();

        assertThat(lane.seen()).hasSize(1);
        assertThat(lane.error()).isNull();
    }

    @Test
    void whoDoesNotComeBackFromItsOwnTurnIsCalledSlow() {
        EventSubscription stuck = lane.subscribe();
        lane.offer(stuck);
        lane.wake();
        slow.waitsFor(stuck);
        lane.onEvent(() -> {
            lane.passBy();
            clock.set(STALL_NANOS);
            slow.expire();
            assertThat(stuck.isGone()).isTrue();
        });

        lane.runOnWorker();

        assertThat(lane.seen()).hasSize(1);
        assertThat(slow.isEmpty()).isTrue();
    }
}

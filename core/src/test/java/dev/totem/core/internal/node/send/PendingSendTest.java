/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.TotemException;
import dev.totem.core.internal.node.LiveNode;
import dev.totem.core.internal.node.crossing.HandleLane;
import dev.totem.core.internal.node.crossing.LaneScheduler;
import dev.totem.core.internal.node.crossing.LaneWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

class PendingSendTest {

    private final List<Long> told = new ArrayList<>();
    private final Told outcome = new Told();
    private final HandleState handle = new HandleState(
            new HandleLane(
                    new LaneScheduler(
                            Schedulers.immediate(),
                            Schedulers.immediate().createWorker(),
                            new LiveNode.Loop(),
                            thrown -> {}),
                    LaneWatch.NONE),
            0,
            Optional.empty());

    private final class Told implements PendingSend.Outcome {

        @Override
        public void sent(long place, Position position) {
            told.add(place);
        }

        @Override
        public void failed(long place, TotemException reason) {
            told.add(-place);
        }

        @Override
        public boolean isOver() {
            return false;
        }

        @Override
        public Context currentContext() {
            return Context.empty();
        }
    }

    @Test
    void tellsOnceAndInItsPlaceThatItCameBack() {
        PendingSend send = new PendingSend(handle, Message.of(new byte[1]), outcome, 3, new Admission(1), true);
        Position position = new Position(new RingId(NodeId.of(1), 4), 1, 0);

        assertThat(send.succeed(position, 7)).isTrue();
        assertThat(send.succeed(position, 8)).isFalse();
        send.emit();
        send.emit();

        assertThat(told).containsExactly(3L);
        assertThat(send.after()).isEqualTo(7);
        assertThat(send.whom()).isSameAs(outcome);
    }

    /** It may wait behind a slow subscriber, beside many others, and is in no bound of memory any more. */
    @Test
    void aSendThatHasEndedKeepsNothingOfItsMessage() {
        PendingSend send =
                new PendingSend(handle, Message.of(new byte[1_000]), outcome, 0, new Admission(1 << 20), false);

        send.end();

        assertThat(send.message().payload()).isEmpty();
    }
}

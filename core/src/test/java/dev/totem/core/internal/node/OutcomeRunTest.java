/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.TotemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

class OutcomeRunTest {

    private final List<Long> told = new ArrayList<>();
    private final HandleState handle = new HandleState(
            new HandleLane(new LaneScheduler(
                    Schedulers.immediate(), Schedulers.immediate().createWorker(), thrown -> {})),
            0,
            Optional.empty());

    private final class Publisher implements PendingSend.Outcome {

        private final long throwsAt;

        Publisher(long throwsAt) {
            this.throwsAt = throwsAt;
        }

        @Override
        public void sent(long place, Position position) {
            told.add(place);
            if (place == throwsAt) {
                throw new IllegalStateException("at " + place);
            }
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

    private PendingSend sent(PendingSend.Outcome outcome, long place) {
        PendingSend send = new PendingSend(handle, Message.of(new byte[1]), outcome, place, new Admission(1), true);
        send.succeed(new Position(new RingId(NodeId.of(1), 4), place, 0), 0);
        return send;
    }

    @Test
    void tellsThoseBehindOneThatThrowsInTheNextCall() {
        Publisher publisher = new Publisher(2);
        OutcomeRun run = new OutcomeRun(sent(publisher, 1));
        run.add(sent(publisher, 2));
        run.add(sent(publisher, 3));

        assertThatThrownBy(run::emit).hasMessage("at 2");
        assertThat(run.left()).isEqualTo(1);
        run.emit();

        assertThat(told).containsExactly(1L, 2L, 3L);
        assertThat(run.left()).isZero();
    }

    @Test
    void isOfOnePublisherAndAHandAtMost() {
        Publisher publisher = new Publisher(0);
        OutcomeRun run = new OutcomeRun(sent(publisher, 1));

        assertThat(run.accepts(sent(new Publisher(0), 2))).isFalse();
        for (int place = 2; place <= LaneSlice.HAND; place++) {
            assertThat(run.accepts(sent(publisher, place))).isTrue();
            run.add(sent(publisher, place));
        }
        assertThat(run.accepts(sent(publisher, LaneSlice.HAND + 1))).isFalse();
    }
}

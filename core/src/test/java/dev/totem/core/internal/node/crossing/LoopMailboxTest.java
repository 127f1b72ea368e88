/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.spi.NodeScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LoopMailboxTest {

    private final List<String> happened = new ArrayList<>();
    private final EndedLoop loop = new EndedLoop();
    private final LoopMailbox mailbox = new LoopMailbox(loop, new LoopMailbox.Batches() {
        @Override
        public void batch(Runnable work) {
            work.run();
        }

        @Override
        public void abandoned() {
            happened.add("abandoned");
        }
    });

    @Test
    void theNodeIsAbandonedThoughTheLoopsOwnThreadSaysThatItHasEnded() {
        loop.isInLoop = true;

        mailbox.loopEnded();

        assertThat(happened).containsExactly("abandoned");
    }

    @Test
    void whatWasHandedOverIsDoneWhenTheLoopHasEnded() {
        loop.takes = true;
        mailbox.submit(() -> happened.add("task"));

        mailbox.loopEnded();

        assertThat(happened).containsExactly("abandoned", "task");
    }

    @Test
    void whatComesLaterIsDoneByWhoBringsIt() {
        mailbox.loopEnded();

        mailbox.submit(() -> happened.add("late"));

        assertThat(happened).containsExactly("abandoned", "abandoned", "late");
    }

    /** Runs nothing. */
    private static final class EndedLoop implements NodeScheduler {

        private boolean isInLoop;
        private boolean takes;

        @Override
        public long nowNanos() {
            return 0;
        }

        @Override
        public long epochMillis() {
            return 0;
        }

        @Override
        public void execute(Runnable task) {
            if (!takes) {
                throw new RejectedExecutionException();
            }
        }

        @Override
        public Cancellation schedule(long deadlineNanos, Runnable task) {
            return () -> {};
        }

        @Override
        public boolean inLoop() {
            return isInLoop;
        }
    }
}

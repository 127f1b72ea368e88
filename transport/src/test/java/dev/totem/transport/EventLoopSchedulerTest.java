/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.NodeId;
import dev.totem.core.spi.NodeScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.NonBlocking;

class EventLoopSchedulerTest {

    private final UdpLoop loop = UdpLoop.start(NodeId.of(9), true);
    private final EventLoopScheduler scheduler = new EventLoopScheduler(loop.eventLoop());

    @AfterEach
    void endsTheLoop() {
        loop.dispose().block();
    }

    @Test
    void runsTasksInTheOrderOfTheCalls() throws Exception {
        List<Integer> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);

        for (int i = 0; i < 1_000; i++) {
            int number = i;
            scheduler.execute(() -> ran.add(number));
        }
        scheduler.execute(done::countDown);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasSize(1_000).isSorted();
    }

    @Test
    void runsATaskNotBeforeItsDeadline() throws Exception {
        long deadlineNanos = scheduler.nowNanos() + TimeUnit.MILLISECONDS.toNanos(5);
        AtomicLong ranNanos = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);

        scheduler.schedule(deadlineNanos, () -> {
            ranNanos.set(scheduler.nowNanos());
            done.countDown();
        });

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ranNanos.get()).isGreaterThanOrEqualTo(deadlineNanos);
    }

    @Test
    void runsATaskWhoseDeadlineHasPassed() throws Exception {
        CountDownLatch done = new CountDownLatch(1);

        scheduler.schedule(scheduler.nowNanos() - 1, done::countDown);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void doesNotRunWhatWasTakenBackOnTheLoop() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(1);

        scheduler.execute(() -> {
            NodeScheduler.Cancellation due = scheduler.schedule(scheduler.nowNanos(), () -> ran.set(true));
            due.cancel();
            scheduler.schedule(scheduler.nowNanos() + 1_000_000, done::countDown);
        });

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).isFalse();
    }

    @Test
    void knowsItsThreadWhichIsADaemonThatMustNotBlock() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicBoolean inLoop = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(1);

        scheduler.execute(() -> {
            thread.set(Thread.currentThread());
            inLoop.set(scheduler.inLoop());
            done.countDown();
        });

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(inLoop).isTrue();
        assertThat(scheduler.inLoop()).isFalse();
        assertThat(thread.get()).isInstanceOf(NonBlocking.class);
        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(thread.get().getName()).startsWith("totem-9-");
    }

    @Test
    void refusesTasksOfALoopThatHasEndedAndNeverReachesItsDeadlines() {
        loop.dispose().block();
        AtomicBoolean ran = new AtomicBoolean();

        assertThatThrownBy(() -> scheduler.execute(() -> ran.set(true))).isInstanceOf(RejectedExecutionException.class);
        scheduler.schedule(scheduler.nowNanos(), () -> ran.set(true)).cancel();

        assertThat(ran).isFalse();
    }

    @Test
    void tellsWhenItsLoopHasEnded() throws Exception {
        CountDownLatch told = new CountDownLatch(2);
        scheduler.whenEnded(told::countDown);
        assertThat(told.getCount()).isEqualTo(2);

        loop.dispose().block();
        scheduler.whenEnded(told::countDown);

        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    }
}

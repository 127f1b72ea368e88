/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramLink;
import dev.totem.testkit.Fault;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;

/** The simulated time, network and disk by themselves. */
class SimWorldTest {

    private static final long LONG = Duration.ofHours(1).toNanos();

    private final Trace trace = new Trace();
    private final SimScheduler scheduler = new SimScheduler(trace);
    private final SimNetwork network =
            new SimNetwork(scheduler, new SplittableRandom(1), trace, new Progress(), Faults.none());
    private final List<String> happened = new ArrayList<>();

    @Test
    void runsEventsByTimeAndThenByOrder() {
        scheduler.at(20, () -> happened.add("late"));
        scheduler.at(10, () -> happened.add("first"));
        scheduler.at(10, () -> happened.add("second"));

        assertThat(scheduler.runNext(15)).isTrue();
        assertThat(scheduler.runNext(15)).isTrue();
        assertThat(scheduler.runNext(15)).isFalse();

        assertThat(happened).containsExactly("first", "second");
        assertThat(scheduler.nowNanos()).isEqualTo(15);
    }

    @Test
    void keepsTheEventsOfAPausedNodeAndForgetsThoseOfADeadOne() {
        SimLife life = life(1, 1);
        life.execute(() -> happened.add("loop"));
        life.pause();
        runAll();
        assertThat(happened).isEmpty();

        life.resume();
        runAll();
        assertThat(happened).containsExactly("loop");

        life.execute(() -> happened.add("never"));
        life.executeApplication(0, () -> happened.add("handed over"));
        life.kill();
        runAll();
        assertThat(happened).containsExactly("loop", "handed over");
    }

    @Test
    void runsTimersByTheClockOfTheNode() {
        SimLife fast = life(1, 1.1);
        long deadline = fast.nowNanos() + 1_100_000;

        List<Long> ownTimes = new ArrayList<>();
        List<Long> trueTimes = new ArrayList<>();
        fast.schedule(deadline, () -> {
            ownTimes.add(fast.nowNanos());
            trueTimes.add(scheduler.nowNanos());
        });
        runAll();

        assertThat(ownTimes).singleElement().satisfies(time -> assertThat(time).isGreaterThanOrEqualTo(deadline));
        assertThat(trueTimes).singleElement().satisfies(time -> assertThat(time).isBetween(1_000_000L, 1_010_000L));
    }

    @Test
    void runsReactorTasksInVirtualTimeAndOrder() {
        Scheduler.Worker worker = new ApplicationScheduler(life(1, 1)).createWorker();
        worker.schedule(() -> happened.add("one"));
        worker.schedule(() -> happened.add("later"), 1, TimeUnit.HOURS);
        worker.schedule(() -> happened.add("two"));
        worker.schedule(() -> happened.add("never")).dispose();

        while (scheduler.runNext(2 * LONG)) {}

        assertThat(happened).containsExactly("one", "two", "later");
    }

    @Test
    void deliversToAllWithinAPartAndCountsTheRest() {
        SimLink one = listening(1);
        listening(2);
        listening(3);
        network.partition(List.of(List.of(NodeId.of(1), NodeId.of(2)), List.of(NodeId.of(3))));

        one.multicast(ByteBuffer.wrap(new byte[] {7}));
        one.flush();
        runAll();

        assertThat(happened).containsExactly("2 got 1 bytes");
        assertThat(network.lost()).isEqualTo(1);
    }

    /** A buffer that was full before would never be read else: seed 15034 once. */
    @Test
    void readsWhatArrivedBeforeItListened() {
        SimLink one = listening(1);
        SimLink two = network.attach(life(2, 1), 1_472);
        one.unicast(NodeId.of(2), ByteBuffer.wrap(new byte[] {7}));
        one.flush();
        runAll();
        assertThat(happened).isEmpty();

        listen(2, two);
        runAll();

        assertThat(happened).containsExactly("2 got 1 bytes");
    }

    @Test
    void cutsOneDirectionOnly() {
        SimLink one = listening(1);
        SimLink two = listening(2);
        network.cut(NodeId.of(1), NodeId.of(2));

        one.unicast(NodeId.of(2), ByteBuffer.wrap(new byte[] {7}));
        two.unicast(NodeId.of(1), ByteBuffer.wrap(new byte[] {7, 8}));
        one.flush();
        two.flush();
        runAll();

        assertThat(happened).containsExactly("1 got 2 bytes");
    }

    @Test
    void losesLargeDatagramsOnly() {
        SimLink one = listening(1);
        listening(2);
        network.faults(Faults.none().withLargeLoss(100, 1));

        one.multicast(ByteBuffer.allocate(101));
        one.multicast(ByteBuffer.allocate(100));
        one.flush();
        runAll();

        assertThat(happened).containsExactly("2 got 100 bytes");
    }

    @Test
    void keepsWhatWasWrittenAndLosesWhatItShould() {
        SimDisk disk = new SimDisk(scheduler, () -> 1_000, new SplittableRandom(1));
        disk.store(8).subscribe();
        assertThat(disk.kept()).isZero();
        runAll();
        disk.store(12).subscribe();
        runAll();

        disk.restart(DiskFate.KEPT);
        assertThat(disk.kept()).isEqualTo(12);
        disk.restart(DiskFate.STALE);
        assertThat(disk.kept()).isIn(0L, 8L, 12L);
        disk.restart(DiskFate.LOST);
        assertThat(disk.kept()).isZero();
    }

    @Test
    void keepsAllPropertiesWithTheBareMachine() {
        for (long seed = 1; seed <= 30; seed++) {
            int nodes = RandomSchedule.nodesOf(seed);
            RandomSchedule.Outcome outcome = RandomSchedule.of(
                            seed, nodes, EnumSet.complementOf(EnumSet.of(Fault.TWIN)))
                    .run(new BareNode.Ether());
            assertThat(outcome.passed()).as(outcome.text()).isTrue();
        }
    }

    private SimLife life(int id, double rate) {
        return new SimLife(NodeId.of(id), scheduler, 12_345, rate, failure -> happened.add("failed " + failure));
    }

    private SimLink listening(int id) {
        SimLink link = network.attach(life(id, 1), 1_472);
        listen(id, link);
        return link;
    }

    private void listen(int id, SimLink link) {
        link.start(new DatagramLink.Receiver() {
            @Override
            public void received(ByteBuffer bytes, SocketAddress source) {
                happened.add(id + " got " + bytes.remaining() + " bytes");
            }
        });
    }

    private void runAll() {
        long until = scheduler.nowNanos() + LONG;
        while (scheduler.runNext(until)) {}
    }
}

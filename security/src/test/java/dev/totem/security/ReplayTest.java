/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.TotemNode;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A whole session is recorded and played to the nodes again: they go on as if nothing had been said. */
class ReplayTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int NODES = 3;
    private static final int SEEDS = 10;

    private final SealedWorld world = new SealedWorld(Keys.ring(1));
    private final SimCluster cluster = SimCluster.create(7, NODES, Faults.none(), RandomSchedule.config(), world);

    @BeforeEach
    void aSessionWithLoadCrashesAndAPartition() {
        cluster.startAll();
        oneRing();
        load(60);
        cluster.crash(2);
        cluster.run(Duration.ofSeconds(1));
        load(20);
        cluster.restart(2);
        oneRing();
        cluster.partition(new int[] {1}, new int[] {2, 3});
        cluster.run(Duration.ofSeconds(1));
        load(20);
        cluster.heal();
        oneRing();
        load(20);
    }

    @Test
    void playedAtOnceItChangesNothing() {
        world.echo(true);
        Seen before = seen();

        load(100);

        assertThat(seen().configurations()).isEqualTo(before.configurations());
        endsWell();
        assertThat(refusedAsReplayed()).isGreaterThan(100);
    }

    @Test
    void playedLaterItChangesNothing() {
        changesNothing(world.recording());
    }

    @Test
    void playedUpToTenMinutesLaterWhileTheSameLivesWorkItChangesNothing() {
        List<SealedWorld.Read> recording = world.recording();
        Collections.shuffle(recording, new Random(10));
        Duration pause = Duration.ofMinutes(10).dividedBy(recording.size());
        Seen before = seen();
        int loads = 0;
        for (int i = 0; i < recording.size(); i++) {
            world.playToAll(recording.get(i));
            cluster.run(pause);
            if (i % 500 == 0) {
                load(1);
                loads++;
            }
        }

        assertThat(seen())
                .isEqualTo(new Seen(before.configurations(), before.deliveries() + (long) loads * NODES * NODES));
        endsWell();
    }

    @Test
    void playedBackwardsAndShuffledItChangesNothing() {
        List<SealedWorld.Read> recording = world.recording();
        Collections.reverse(recording);
        changesNothing(recording);
        Collections.shuffle(recording, new Random(9));
        changesNothing(recording);
    }

    @Test
    void playedToANodeThatHasRestartedItChangesNothing() {
        List<SealedWorld.Read> recording = world.recording();
        cluster.crash(3);
        cluster.run(Duration.ofSeconds(1));
        cluster.restart(3);
        oneRing();

        changesNothing(recording);
    }

    @Test
    void playedAfterRestartsOfAllNodesItChangesNothing() {
        List<SealedWorld.Read> recording = world.recording();
        for (int id = 1; id <= NODES; id++) {
            cluster.crash(id);
        }
        cluster.run(Duration.ofSeconds(1));
        cluster.startAll();
        oneRing();

        changesNothing(recording);
        Collections.shuffle(recording, new Random(9));
        changesNothing(recording);
    }

    @Test
    void playedWhileTheNodesComeUpItKeepsThemFromNothing() {
        List<SealedWorld.Read> recording = world.recording();
        Collections.shuffle(recording, new Random(3));
        for (int id = 1; id <= NODES; id++) {
            cluster.crash(id);
        }
        cluster.run(Duration.ofSeconds(1));
        cluster.startAll();
        for (SealedWorld.Read read : recording) {
            world.playToAll(read);
            cluster.run(Duration.ofNanos(50_000));
        }

        oneRing();
        assertThat(configurations()).isLessThan(200);
        endsWell();
    }

    @Test
    void playedToALonelyNodeItConjuresUpNobody() {
        List<SealedWorld.Read> recording = world.recording();
        for (int id = 1; id <= NODES; id++) {
            cluster.crash(id);
        }
        cluster.restart(1);
        oneRing();

        changesNothing(recording);

        assertThat(cluster.node(1).configuration().orElseThrow().members()).containsExactly(NodeId.of(1));
    }

    @TestFactory
    Stream<DynamicTest> keepsAllPropertiesUnderRandomFaultsAndReplays() {
        return LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
                    SealedWorld random = new SealedWorld(Keys.ring(1));
                    random.echo(seed % 5 == 0);
                    RandomSchedule.Outcome outcome = RandomSchedule.of(seed).run(random);
                    assertThat(outcome.passed()).as(outcome.text()).isTrue();
                }));
    }

    @Test
    void repeatsBitForBit() {
        long first = RandomSchedule.of(3).run(new SealedWorld(Keys.ring(1))).digest();
        long second = RandomSchedule.of(3).run(new SealedWorld(Keys.ring(1))).digest();

        assertThat(second).isEqualTo(first);
    }

    private record Seen(long configurations, long deliveries) {}

    private void changesNothing(List<SealedWorld.Read> recording) {
        assertThat(recording).hasSizeGreaterThan(500);
        Seen before = seen();
        for (SealedWorld.Read read : recording) {
            world.playToAll(read);
            cluster.run(Duration.ofNanos(20_000));
        }
        cluster.run(Duration.ofSeconds(1));
        assertThat(seen()).isEqualTo(before);
        load(10);
        assertThat(seen().configurations()).isEqualTo(before.configurations());
        endsWell();
    }

    /** One ring that stays one: a node alone forms a second ring soon after its first. */
    private void oneRing() {
        assertThat(cluster.runUntil(cluster::isOneRing, LIMIT))
                .as(cluster.state())
                .isTrue();
        cluster.run(Duration.ofSeconds(2));
    }

    private void load(int messages) {
        for (int i = 0; i < messages; i++) {
            for (SimNode node : cluster.nodes()) {
                node.send(i, i, i % 3 == 0 ? Guarantee.SAFE : Guarantee.AGREED, 50 + i * 40);
            }
            cluster.run(Duration.ofMillis(1));
        }
        assertThat(cluster.runUntil(cluster::nothingPending, LIMIT))
                .as(cluster.state())
                .isTrue();
        cluster.run(Duration.ofMillis(300));
    }

    private void endsWell() {
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.checkAtEnd().passed())
                .as(cluster.checkAtEnd().text())
                .isTrue();
        assertThat(stat(Statistics.REFUSED_NOT_AUTHENTIC)).isZero();
    }

    private long refusedAsReplayed() {
        return stat(Statistics.REFUSED_REPLAYED);
    }

    private long stat(Statistic statistic) {
        return cluster.nodes().stream()
                .flatMap(node -> node.node().stream())
                .map(TotemNode::stats)
                .mapToLong(stats -> stats.get(statistic))
                .sum();
    }

    private Seen seen() {
        return new Seen(configurations(), count(LogEvent.Deliver.class));
    }

    private long configurations() {
        return count(LogEvent.Conf.class);
    }

    private long count(Class<? extends LogEvent> type) {
        return cluster.logs().stream()
                .flatMap(log -> log.events().stream())
                .filter(type::isInstance)
                .count();
    }
}

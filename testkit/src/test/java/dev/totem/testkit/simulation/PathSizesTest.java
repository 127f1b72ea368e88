/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.internal.link.Spread;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.Redundancy;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Production nodes whose interfaces carry long frames, on paths that carry as much or less. */
class PathSizesTest {

    private static final Duration FORMS = Duration.ofSeconds(5);
    private static final Duration TOKEN = RandomSchedule.config().timing().token();
    private static final Duration STEP = Duration.ofMillis(2);

    private static final int NODES = 4;
    private static final int JUMBO = 8_972;
    private static final int ETHERNET = 1_472;
    private static final int SEEDS = 150;

    @Test
    void longFramesAreUsedByThemselves() {
        SimCluster cluster = formed(Redundancy.framesOf(JUMBO), Faults.none());

        cluster.run(Duration.ofMillis(20));

        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(frameBytes(node)).isEqualTo(JUMBO));
        long before = cluster.datagrams();
        cluster.node(1).send(0, 0, Guarantee.AGREED, 80_000);
        assertThat(cluster.runUntil(cluster::nothingPending, FORMS)).isTrue();
        assertThat(cluster.datagrams() - before).isLessThan(200);
        assertSound(cluster);
    }

    @Test
    void whenThePathCarriesLessInOperationNobodyLeavesAndNothingIsLost() {
        SimCluster cluster = formed(Redundancy.framesOf(JUMBO), Faults.none());
        sendFor(cluster, TOKEN);
        List<Long> before = configurations(cluster);

        cluster.faults(Faults.none().withLargeLoss(ETHERNET, 1));
        sendFor(cluster, TOKEN);
        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(frameBytes(node)).isBetween(1_200L, (long) ETHERNET));
        sendFor(cluster, TOKEN.multipliedBy(4));

        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(frameBytes(node)).isEqualTo(ETHERNET));
        assertThat(cluster.runUntil(cluster::nothingPending, FORMS))
                .as(cluster.state())
                .isTrue();
        assertThat(configurations(cluster)).isEqualTo(before);
        assertSound(cluster);
    }

    @Test
    void whoseFramesArriveIsNotConcernedByWhoseDoNot() {
        SimCluster cluster = formed(Redundancy.framesOf(JUMBO), Faults.none());
        sendFor(cluster, TOKEN);
        List<Long> before = configurations(cluster);

        cluster.faults(2, 3, Faults.none().withLargeLoss(ETHERNET, 1));
        sendFor(cluster, TOKEN.multipliedBy(4));

        assertThat(frameBytes(cluster.node(2))).isEqualTo(ETHERNET);
        assertThat(frameBytes(cluster.node(1))).isEqualTo(JUMBO);
        assertThat(frameBytes(cluster.node(3))).isEqualTo(JUMBO);
        assertThat(cluster.runUntil(cluster::nothingPending, FORMS)).isTrue();
        assertThat(configurations(cluster)).isEqualTo(before);
        assertSound(cluster);
    }

    @Test
    void aNodeThatComesByAShortPathIsTakenInAndAllShortenTheirFrames() {
        SimCluster cluster = SimCluster.create(
                7,
                NODES,
                Faults.none(),
                Redundancy.framesOf(JUMBO),
                RandomSchedule.config(),
                NodeLauncher.production());
        for (int id = 1; id < NODES; id++) {
            cluster.node(id).start();
            cluster.faults(id, NODES, Faults.none().withLargeLoss(1_400, 1));
        }
        assertThat(cluster.runUntil(cluster::isOneRing, FORMS)).isTrue();
        sendFor(cluster, TOKEN);

        cluster.node(NODES).start();
        assertThat(cluster.runUntil(cluster::isOneRing, FORMS))
                .as(cluster.state())
                .isTrue();
        List<Long> before = configurations(cluster);
        sendFor(cluster, TOKEN.multipliedBy(4));

        assertThat(frameBytes(cluster.node(1))).isBetween(1_300L, 1_400L);
        assertThat(frameBytes(cluster.node(NODES))).isEqualTo(JUMBO);
        assertThat(cluster.runUntil(cluster::nothingPending, FORMS)).isTrue();
        assertThat(configurations(cluster)).isEqualTo(before);
        assertSound(cluster);
    }

    @Test
    void randomSchedulesKeepAllProperties() {
        List<String> broken = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .mapToObj(seed -> RandomSchedule.of(seed)
                        .runOn(new Redundancy(
                                1 + (int) (seed % 3),
                                seed % 2 == 0 ? Spread.ACTIVE : Spread.PASSIVE,
                                seed % 5 == 0 ? 65_504 : JUMBO)))
                .filter(outcome -> !outcome.passed())
                .map(RandomSchedule.Outcome::text)
                .toList();

        assertThat(broken).isEmpty();
    }

    private static SimCluster formed(Redundancy redundancy, Faults faults) {
        SimCluster cluster =
                SimCluster.create(7, NODES, faults, redundancy, RandomSchedule.config(), NodeLauncher.production());
        cluster.startAll();
        assertThat(cluster.runUntil(cluster::isOneRing, FORMS)).isTrue();
        return cluster;
    }

    private static void sendFor(SimCluster cluster, Duration time) {
        for (long left = time.dividedBy(STEP); left > 0; left--) {
            for (SimNode node : cluster.nodes()) {
                node.send(0, 0, Guarantee.AGREED, 9_000);
                node.send(0, 0, Guarantee.SAFE, 100);
            }
            cluster.run(STEP);
        }
    }

    private static long frameBytes(SimNode node) {
        return node.node().orElseThrow().stats().link().frameBytes();
    }

    private static List<Long> configurations(SimCluster cluster) {
        return cluster.logs().stream()
                .map(log -> log.events().stream()
                        .filter(LogEvent.Conf.class::isInstance)
                        .count())
                .toList();
    }

    private static void assertSound(SimCluster cluster) {
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.check().passed()).as(cluster.check().text()).isTrue();
    }
}

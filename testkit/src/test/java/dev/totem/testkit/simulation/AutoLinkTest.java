/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.Statistics;
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

/** Production nodes that use a group, the second network, while all hear each other by it. */
class AutoLinkTest {

    private static final Duration FORMS = Duration.ofSeconds(5);
    private static final Duration NOTICES = Duration.ofSeconds(2);

    /** Until it is known that a member is not heard by the group, what is lost may not be asked for with success. */
    private static final Duration SILENCE = Duration.ofMillis(400);

    private static final int GROUP = 2;
    private static final int NODES = 4;
    private static final int SEEDS = 150;

    @Test
    void theGroupIsUsedWhenAllHearEachOtherByIt() {
        SimCluster cluster = formed();

        assertThat(cluster.runUntil(() -> isByGroup(cluster, true), FORMS)).isTrue();
        deliversAllTheTime(cluster, 10);

        assertSound(cluster);
    }

    @Test
    void oneWayByTheGroupIsOneByOneAndNobodyLeavesAndNothingIsLost() {
        SimCluster cluster = formed();
        assertThat(cluster.runUntil(() -> isByGroup(cluster, true), FORMS)).isTrue();
        List<Long> before = configurations(cluster);

        for (int round = 0; round < 10; round++) {
            cluster.cut(GROUP, 1 + round % NODES, 1 + (round + 1) % NODES);
            deliversAllTheTime(cluster, 3);
            assertThat(cluster.runUntil(() -> isByGroup(cluster, false), NOTICES))
                    .isTrue();
            deliversAllTheTime(cluster, 3);
            cluster.heal();
            assertThat(cluster.runUntil(() -> isByGroup(cluster, true), NOTICES))
                    .isTrue();
            deliversAllTheTime(cluster, 3);
        }

        assertThat(cluster.runUntil(cluster::nothingPending, FORMS)).isTrue();
        assertThat(configurations(cluster)).isEqualTo(before);
        assertSound(cluster);
    }

    @Test
    void whereNobodyHearsTheGroupTheRingFormsAndWorks() {
        SimCluster cluster = create();
        cluster.down(GROUP, true);
        cluster.startAll();
        assertThat(cluster.runUntil(cluster::isOneRing, FORMS)).isTrue();

        deliversAllTheTime(cluster, 10);

        assertThat(isByGroup(cluster, false)).isTrue();
        assertSound(cluster);
    }

    @Test
    void randomSchedulesKeepAllProperties() {
        List<String> broken = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .mapToObj(seed -> RandomSchedule.of(seed).runOn(Redundancy.AUTO))
                .filter(outcome -> !outcome.passed())
                .map(RandomSchedule.Outcome::text)
                .toList();

        assertThat(broken).isEmpty();
    }

    private static SimCluster create() {
        return SimCluster.create(
                7, NODES, Faults.none(), Redundancy.AUTO, RandomSchedule.config(), NodeLauncher.production());
    }

    private static SimCluster formed() {
        SimCluster cluster = create();
        cluster.startAll();
        assertThat(cluster.runUntil(cluster::isOneRing, FORMS)).isTrue();
        return cluster;
    }

    /** Whether all nodes use the group, or none does. */
    private static boolean isByGroup(SimCluster cluster, boolean used) {
        return cluster.nodes().stream()
                .allMatch(node ->
                        node.node().orElseThrow().stats().get(Statistics.LINK_NETWORKS_FAULTY) == (used ? 0 : 1));
    }

    private static void deliversAllTheTime(SimCluster cluster, int windows) {
        for (int window = 0; window < windows; window++) {
            long before = cluster.deliveries();
            for (SimNode node : cluster.nodes()) {
                node.send(0, 0, Guarantee.AGREED, 3_000);
                node.send(0, 0, Guarantee.SAFE, 100);
            }
            cluster.run(SILENCE);
            assertThat(cluster.deliveries()).isGreaterThan(before);
        }
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

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.Replication;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Production nodes on two networks and more, of which one or the other does not work. */
class RedundantNetworksTest {

    private static final Duration FORMS = Duration.ofSeconds(5);

    /** As long as nothing may be delivered when a network is cut. */
    private static final Duration SILENCE = Duration.ofMillis(50);

    private static final int NODES = 4;
    private static final int ROUNDS = 20;
    private static final int SEEDS = 150;

    @ParameterizedTest
    @EnumSource
    void eachOfTwoNetworksIsCutInTurnAndNothingIsLostAndNobodyLeaves(Replication replication) {
        SimCluster cluster = formed(new Redundancy(2, replication));
        List<Long> before = configurations(cluster);

        for (int round = 0; round < ROUNDS; round++) {
            int network = 1 + round % 2;
            cluster.down(network, true);
            deliversAllTheTime(cluster, 8);
            cluster.down(network, false);
            deliversAllTheTime(cluster, 14);
        }

        assertThat(cluster.runUntil(cluster::nothingPending, FORMS)).isTrue();
        assertThat(configurations(cluster)).isEqualTo(before);
        assertThat(faults(cluster)).isPositive();
        assertSound(cluster);
    }

    @ParameterizedTest
    @EnumSource
    void oneWayOnOneNetworkIsBorneByTheOther(Replication replication) {
        SimCluster cluster = formed(new Redundancy(2, replication));
        List<Long> before = configurations(cluster);

        cluster.cut(2, 1, 3);
        deliversAllTheTime(cluster, 40);

        assertThat(configurations(cluster)).isEqualTo(before);
        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(node.node().orElseThrow().stats().get(Statistics.LINK_NETWORKS_FAULTY))
                        .isEqualTo(1));
        assertSound(cluster);
    }

    @Test
    void threeNetworksBearTheLossOfTwo() {
        SimCluster cluster = formed(new Redundancy(3, Replication.PASSIVE));
        List<Long> before = configurations(cluster);

        cluster.down(1, true);
        deliversAllTheTime(cluster, 8);
        cluster.down(3, true);
        deliversAllTheTime(cluster, 8);

        assertThat(configurations(cluster)).isEqualTo(before);
        assertSound(cluster);
    }

    @Test
    void whenAllAreCutItIsAPartitionAsUsual() {
        SimCluster cluster = formed(new Redundancy(2, Replication.PASSIVE));

        cluster.partition(new int[] {1, 2}, new int[] {3, 4});
        cluster.run(FORMS);
        assertThat(cluster.isOneRing(List.of(dev.totem.core.NodeId.of(1), dev.totem.core.NodeId.of(2))))
                .isTrue();
        sendFromAll(cluster);

        assertThat(cluster.quiesce(FORMS)).as(cluster.state()).isTrue();
        assertSound(cluster);
    }

    @Test
    void randomSchedulesKeepAllProperties() {
        List<String> broken = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .mapToObj(seed -> RandomSchedule.of(seed)
                        .runOn(new Redundancy(
                                2 + (int) (seed % 3), seed % 2 == 0 ? Replication.ACTIVE : Replication.PASSIVE)))
                .filter(outcome -> !outcome.passed())
                .map(RandomSchedule.Outcome::text)
                .toList();

        assertThat(broken).isEmpty();
    }

    private static SimCluster formed(Redundancy redundancy) {
        SimCluster cluster = SimCluster.create(
                7, NODES, Faults.none(), redundancy, RandomSchedule.config(), NodeLauncher.production());
        cluster.startAll();
        assertThat(cluster.runUntil(cluster::isOneRing, FORMS)).isTrue();
        return cluster;
    }

    /** All send, and each window of the time without a delivery is shorter than it may be. */
    private static void deliversAllTheTime(SimCluster cluster, int windows) {
        for (int window = 0; window < windows; window++) {
            long before = cluster.deliveries();
            sendFromAll(cluster);
            cluster.run(SILENCE);
            assertThat(cluster.deliveries()).isGreaterThan(before);
        }
    }

    private static void sendFromAll(SimCluster cluster) {
        for (SimNode node : cluster.nodes()) {
            node.send(0, 0, Guarantee.AGREED, 3_000);
            node.send(0, 0, Guarantee.SAFE, 100);
        }
    }

    private static List<Long> configurations(SimCluster cluster) {
        return cluster.logs().stream()
                .map(log -> log.events().stream()
                        .filter(LogEvent.Conf.class::isInstance)
                        .count())
                .toList();
    }

    private static long faults(SimCluster cluster) {
        return cluster.nodes().stream()
                .mapToLong(node -> node.node().orElseThrow().stats().get(Statistics.LINK_NETWORK_FAULTS))
                .sum();
    }

    private static void assertSound(SimCluster cluster) {
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.check().passed()).as(cluster.check().text()).isTrue();
    }
}

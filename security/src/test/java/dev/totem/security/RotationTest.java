/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Statistics;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A key that has been used enough is replaced by the next, without anybody asking. */
class RotationTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofDays(1);
    private static final int NODES = 3;

    @Test
    void byAge() {
        SimCluster cluster = running(new RotationPolicy(Duration.ofSeconds(10), Long.MAX_VALUE), 1, 2);
        work(cluster, Duration.ofSeconds(8));
        assertThat(sealing(cluster)).containsOnly(1L);

        work(cluster, Duration.ofSeconds(8));

        assertThat(sealing(cluster)).containsOnly(2L);
    }

    @Test
    void byVolume() {
        SimCluster cluster = running(new RotationPolicy(LONG, 500), 1, 2);

        work(cluster, Duration.ofSeconds(10));

        assertThat(sealing(cluster)).containsOnly(2L);
    }

    @Test
    void withoutAnotherKeyTheRingGoesOnWithItsOwn() {
        SimCluster cluster = running(new RotationPolicy(Duration.ofSeconds(2), Long.MAX_VALUE), 1);

        work(cluster, Duration.ofSeconds(10));

        assertThat(sealing(cluster)).containsOnly(1L);
        assertThat(cluster.isOneRing()).isTrue();
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new RotationPolicy(Duration.ofMillis(999), 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("key-age=PT0.999S");
        assertThatThrownBy(() -> new RotationPolicy(LONG, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("key-frames=0");
    }

    private static SimCluster running(RotationPolicy policy, int... keys) {
        SealedWorld world = new SealedWorld(Keys.ring(keys));
        world.rotating(policy);
        SimCluster cluster = SimCluster.create(3, NODES, Faults.none(), RandomSchedule.config(), world);
        cluster.startAll();
        assertThat(cluster.runUntil(cluster::isOneRing, LIMIT)).isTrue();
        return cluster;
    }

    private static void work(SimCluster cluster, Duration time) {
        Duration end = cluster.now().plus(time);
        for (int i = 0; cluster.now().compareTo(end) < 0; i++) {
            for (SimNode node : cluster.nodes()) {
                node.send(i, i, Guarantee.AGREED, 100);
            }
            cluster.run(Duration.ofMillis(200));
        }
        assertThat(cluster.failures()).isEmpty();
    }

    private static long[] sealing(SimCluster cluster) {
        return IntStream.rangeClosed(1, NODES)
                .mapToLong(id -> cluster.node(NodeId.of(id).value())
                        .node()
                        .orElseThrow()
                        .stats()
                        .get(Statistics.SEALING_KEY))
                .toArray();
    }
}

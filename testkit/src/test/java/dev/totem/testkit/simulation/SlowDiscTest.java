/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Settings;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.testkit.internal.sim.DiskFate;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.SimCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No ring waits for a disc. */
class SlowDiscTest {

    private static final Duration TOKEN = Duration.ofSeconds(1);

    private static SimCluster cluster(int size, Duration write) {
        return SimCluster.create(
                size,
                size,
                Faults.none().withDiskDelay(write),
                NodeSettings.defaults().with(Settings.TOKEN, TOKEN),
                NodeLauncher.production());
    }

    @ParameterizedTest
    @CsvSource({"16, 150", "64, 40"})
    void manyNodesWithSlowDiscsFormOneRing(int size, int writeMillis) {
        SimCluster cluster = cluster(size, Duration.ofMillis(writeMillis));
        cluster.startAll();

        assertThat(cluster.runUntil(cluster::isOneRing, TOKEN.multipliedBy(2)))
                .as(cluster::state)
                .isTrue();
        assertThat(cluster.failures()).isEmpty();
    }

    @Test
    void aRingIsFormedAgainWhileADiscTakesLongerThanTheTokenTimeout() {
        SimCluster cluster = cluster(5, Duration.ofMillis(1));
        cluster.startAll();
        assertThat(cluster.runUntil(cluster::isOneRing, TOKEN)).isTrue();
        cluster.faults(Faults.none().withDiskDelay(TOKEN.multipliedBy(5)));

        cluster.node(2).leave();

        assertThat(cluster.runUntil(cluster::isOneRing, TOKEN.dividedBy(10)))
                .as(cluster::state)
                .isTrue();
        cluster.crash(5);
        assertThat(cluster.runUntil(cluster::isOneRing, TOKEN.multipliedBy(3)))
                .as(cluster::state)
                .isTrue();
        assertThat(cluster.failures()).isEmpty();
    }

    @Test
    void aNodeThatStartsMuchLaterIsTakenInAfterOneWriteOfAllAtOnce() {
        Duration write = Duration.ofMillis(150);
        SimCluster cluster = cluster(16, write);
        for (int id = 1; id < 16; id++) {
            cluster.restart(id, DiskFate.KEPT);
        }
        cluster.run(TOKEN.multipliedBy(20));

        cluster.restart(16, DiskFate.KEPT);

        assertThat(cluster.runUntil(() -> cluster.live().size() == 16 && cluster.isOneRing(), write.multipliedBy(5)))
                .as(cluster::state)
                .isTrue();
        assertThat(cluster.failures()).isEmpty();
    }
}

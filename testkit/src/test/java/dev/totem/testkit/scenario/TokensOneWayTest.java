/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tokens never get from one member to the next, while what it sends to all does: nothing that is announced shows it.
 *
 * <p>Found by planting a ring that tries the same members for ever: who had been left out and those who had left it out tried to
 * merge in turn, each while the other did not listen, and never stopped, long after tokens arrived again.
 */
class TokensOneWayTest {

    private static final Duration TOKEN = RandomSchedule.config().timing().token();
    private static final Duration FORMED = TOKEN.multipliedBy(10);

    /** A quarantine's longest wait is 32 tokens. */
    private static final Duration ATTEMPTS = TOKEN.multipliedBy(160);

    /** Of a node in that time: an attempt fails, and may cost the others a ring before they have their own again. */
    private static final int CHANGES_MAX = 3 * (160 / 32 + 1);

    private static final Duration MERGED_MAX = TOKEN.multipliedBy(40);

    @ParameterizedTest
    @CsvSource({"3, 1", "3, 2", "3, 3", "4, 1", "4, 2", "4, 3", "4, 4", "5, 1", "5, 2", "5, 3", "5, 4", "5, 5"})
    void goesOnWithoutOneOfTheTwoAndMergesOnceTheyArrive(int size, int from) {
        for (long seed = 1; seed <= 2; seed++) {
            SimCluster cluster = SimCluster.create(seed, size, Faults.none());
            cluster.startAll();
            assertThat(cluster.runUntil(cluster::isOneRing, FORMED)).isTrue();

            cluster.cutTokens(from, 1 + from % size);
            cluster.run(ATTEMPTS);
            long before = changes(cluster);
            cluster.run(ATTEMPTS);
            assertThat(changes(cluster) - before)
                    .as("changes at all nodes")
                    .isLessThanOrEqualTo((long) size * CHANGES_MAX);
            for (SimNode node : cluster.nodes()) {
                node.send(0, 0, Guarantee.SAFE, 100);
            }
            assertThat(cluster.runUntil(cluster::nothingPending, FORMED))
                    .as(cluster.state())
                    .isTrue();

            cluster.heal();
            assertThat(cluster.runUntil(cluster::isOneRing, MERGED_MAX))
                    .as("seed %s: %s", seed, cluster.state())
                    .isTrue();
            cluster.run(FORMED);
            assertThat(cluster.failures()).isEmpty();
            assertThat(cluster.checkAtEnd().violations())
                    .as(cluster.checkAtEnd().text())
                    .isEmpty();
        }
    }

    private static long changes(SimCluster cluster) {
        return cluster.logs().stream()
                .flatMap(log -> log.events().stream())
                .filter(event -> event instanceof LogEvent.Conf conf && conf.isRegular())
                .count();
    }
}

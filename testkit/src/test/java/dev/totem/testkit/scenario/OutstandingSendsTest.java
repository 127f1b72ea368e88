/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.Settings;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.testkit.internal.check.CheckReport;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.check.MessageId;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sends by the thousand through a partition, a merge and a crash: their fates agree with the logs. */
class OutstandingSendsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NODES = 5;

    @Test
    void eachOfAHundredThousandSendsHasOneFateThatAgreesWithTheLogs() {
        NodeSettings config = RandomSchedule.config()
                .with(Settings.MEMORY, 8 << 20)
                .with(Settings.WINDOW_SIZE, 256)
                .with(Settings.MAX_MESSAGES, 96);
        SimCluster cluster = SimCluster.create(5, NODES, Faults.none(), config, NodeLauncher.production());
        cluster.startAll();
        assertThat(cluster.runUntil(cluster::isOneRing, LIMIT)).isTrue();

        for (int i = 0; i < 20_000; i++) {
            for (SimNode node : cluster.nodes()) {
                node.send(i % 3, i % 3, i % 7 == 0 ? Guarantee.SAFE : Guarantee.AGREED, 24 + i % 100);
            }
        }
        assertThat(cluster.nodes()).allMatch(node -> node.pending() == 20_000);
        cluster.run(Duration.ofMillis(3));
        cluster.partition(new int[] {1, 2, 3}, new int[] {4, 5});
        cluster.run(Duration.ofMillis(250));
        assertThat(cluster.nodes()).allMatch(node -> node.pending() > 0);
        cluster.crash(2);
        cluster.heal();

        assertThat(cluster.runUntil(cluster::nothingPending, LIMIT))
                .as(cluster.state())
                .isTrue();
        assertThat(cluster.runUntil(cluster::isOneRing, LIMIT)).isTrue();
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.failures()).isEmpty();
        CheckReport report = cluster.checkAtEnd();
        assertThat(report.violations()).as(report.text()).isEmpty();
        for (EvsLog log : cluster.logs()) {
            Map<MessageId, Integer> fates = new HashMap<>();
            Set<MessageId> submitted = new HashSet<>();
            for (LogEvent event : log.events()) {
                if (event instanceof LogEvent.Submit submit) {
                    submitted.add(submit.mid());
                } else if (event instanceof LogEvent.Sent sent) {
                    fates.merge(sent.mid(), 1, Integer::sum);
                } else if (event instanceof LogEvent.Unsent unsent) {
                    fates.merge(unsent.mid(), 1, Integer::sum);
                }
            }
            boolean isCrashed = log.events().stream().anyMatch(LogEvent.Fail.class::isInstance);
            assertThat(submitted).hasSize(20_000);
            assertThat(submitted.containsAll(fates.keySet())).isTrue();
            assertThat(new HashSet<>(fates.values())).containsExactly(1);
            if (!isCrashed) {
                assertThat(fates).hasSize(20_000);
            }
        }
    }

    @Test
    void largeMessagesFromAllNodesAreDeliveredWholeOrNotAtAllWhileNodesJoinAndCrash() {
        SimCluster cluster = SimCluster.create(7, NODES, Faults.none().withLoss(0.001));
        for (int id = 1; id < NODES; id++) {
            cluster.node(id).start();
        }
        assertThat(cluster.runUntil(cluster::isOneRing, LIMIT)).isTrue();

        for (int round = 0; round < 4; round++) {
            for (SimNode node : cluster.nodes()) {
                node.send(0, round, Guarantee.AGREED, 1 << 20);
                node.send(1, round, Guarantee.SAFE, 1 << 20);
            }
            cluster.run(Duration.ofMillis(7));
            if (round % 2 == 0) {
                cluster.restart(NODES);
                cluster.run(Duration.ofMillis(20));
                cluster.crash(1 + round);
            } else {
                cluster.crash(NODES);
                cluster.restart(round);
            }
            cluster.run(Duration.ofMillis(300));
        }

        assertThat(cluster.quiesce(LIMIT)).as(cluster.state()).isTrue();
        assertThat(cluster.failures()).isEmpty();
        CheckReport report = cluster.checkAtEnd();
        assertThat(report.violations()).as(report.text()).isEmpty();
        assertThat(cluster.logs().stream()
                        .flatMap(log -> log.events().stream())
                        .filter(LogEvent.Deliver.class::isInstance))
                .hasSizeGreaterThan(40);
    }
}

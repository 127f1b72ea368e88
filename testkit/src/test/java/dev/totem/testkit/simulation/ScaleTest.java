/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.Settings;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.testkit.internal.check.CheckReport;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Large rings form, order, lose a third of their members and merge again, in virtual time.
 *
 * <p>{@code -Dtotem.scale=3,8,16,…} takes these sizes, and prints the row of each for {@code docs/SCALE.md}, which needs a
 * second run under load.
 */
class ScaleTest {

    private static final Duration TOKEN = Duration.ofSeconds(1);
    private static final NodeSettings CONFIG = NodeSettings.defaults().with(Settings.TOKEN, TOKEN);
    private static final int MESSAGES_EACH = 5;

    static IntStream sizes() {
        return Arrays.stream(System.getProperty("totem.scale", "32,64,128").split(","))
                .mapToInt(Integer::parseInt);
    }

    private static SimCluster cluster(int size, Faults faults) {
        return cluster(size, faults, CONFIG);
    }

    private static SimCluster cluster(int size, Faults faults, NodeSettings config) {
        return SimCluster.create(size, size, faults, config, NodeLauncher.production());
    }

    private static Duration timeTo(SimCluster cluster, Duration limit) {
        Duration began = cluster.now();
        assertThat(cluster.runUntil(cluster::isOneRing, limit))
                .as(cluster::state)
                .isTrue();
        return cluster.now().minus(began);
    }

    private static void send(SimCluster cluster) {
        for (SimNode node : cluster.nodes()) {
            for (int i = 0; i < MESSAGES_EACH; i++) {
                node.send(0, 0, Guarantee.SAFE, 100);
            }
        }
        assertThat(cluster.runUntil(cluster::nothingPending, TOKEN))
                .as(cluster::state)
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void formsOrdersLosesAThirdAndMerges(int size) {
        SimCluster cluster = cluster(size, Faults.none());
        cluster.startAll();
        Duration formed = timeTo(cluster, TOKEN);
        send(cluster);

        for (int id = 3; id <= size; id += 3) {
            cluster.crash(id);
        }
        Duration formedAgain = timeTo(cluster, TOKEN.multipliedBy(4));
        send(cluster);

        cluster.startAll();
        Duration merged = timeTo(cluster, TOKEN);
        send(cluster);
        cluster.run(TOKEN);

        CheckReport report = cluster.checkAtEnd();
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(cluster.failures()).isEmpty();
        if (System.getProperty("totem.scale") != null) {
            print(size, formed, formedAgain, merged);
        }
    }

    @Test
    void noFrameIsLongerThanAPacket() {
        SimCluster cluster = cluster(40, Faults.none().withLargeLoss(1_472, 1));
        cluster.startAll();

        timeTo(cluster, TOKEN);
        send(cluster);
    }

    @Test
    void aCommitTokenInPartsSurvivesTheLossOfParts() {
        SimCluster cluster = cluster(40, Faults.none().withLargeLoss(1_000, 0.2));
        cluster.startAll();

        timeTo(cluster, TOKEN.multipliedBy(20));
        send(cluster);

        assertThat(cluster.failures()).isEmpty();
    }

    private static void print(int size, Duration formed, Duration formedAgain, Duration merged) {
        Load load = new Load(size);
        System.out.printf(
                "| %d | %.1f ms | %.2f ms | %.2f ms | %,d | %.0f ms | %.1f ms |%n",
                size,
                millis(formed),
                millis(load.idleRotation),
                millis(load.loadedRotation),
                load.messagesPerSecond,
                millis(formedAgain),
                millis(merged));
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    /** A fresh ring, first idle and then with more to send than it can. */
    private static final class Load {

        private static final int ROTATIONS = 20;
        private static final int BYTES = 1_000;

        /** A larger window outruns the simulated subscribers, and then the ring is held back. */
        private static final NodeSettings LOADED =
                CONFIG.with(Settings.WINDOW_SIZE, 256).with(Settings.MAX_MESSAGES, 96);

        private final SimCluster cluster;
        private final int waiting;
        final Duration idleRotation;
        final Duration loadedRotation;
        final long messagesPerSecond;

        Load(int size) {
            cluster = cluster(size, Faults.none(), LOADED);
            waiting = Math.max(16, 3 * LOADED.flow().windowSize() / size);
            cluster.startAll();
            timeTo(cluster, TOKEN);
            idleRotation = rotations(() -> {});
            rotations(this::refill);
            long before = stat(Statistics.MESSAGES_DELIVERED);
            Duration began = cluster.now();
            loadedRotation = rotations(this::refill);
            double seconds = cluster.now().minus(began).toNanos() / 1e9;
            assertThat(stat(Statistics.HELD_BACK)).isZero();
            messagesPerSecond = Math.round((stat(Statistics.MESSAGES_DELIVERED) - before) / seconds);
        }

        private long stat(Statistic statistic) {
            return cluster.node(1).node().orElseThrow().stats().get(statistic);
        }

        private void refill() {
            for (SimNode node : cluster.nodes()) {
                while (node.pending() < waiting) {
                    node.send(0, 0, Guarantee.AGREED, BYTES);
                }
            }
        }

        /** The mean of some rotations as node 1 sees them. */
        private Duration rotations(Runnable meanwhile) {
            long visits = stat(Statistics.TOKENS);
            Duration began = cluster.now();
            while (stat(Statistics.TOKENS) < visits + ROTATIONS) {
                meanwhile.run();
                cluster.run(Duration.ofNanos(100_000));
            }
            return cluster.now().minus(began).dividedBy(stat(Statistics.TOKENS) - visits);
        }
    }
}

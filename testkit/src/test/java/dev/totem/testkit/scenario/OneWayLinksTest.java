/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.Settings;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every way in which three or four nodes can hear each other: all directed graphs, from the start and on a ring that was
 * formed before. Each settles, stays as it is for an hour in which all sends complete, and becomes one ring when all hear all.
 *
 * <p>With the timers of a token timeout of a minute, a token held for most of it and a slow network, because an idle ring, and
 * one that waits for a member that does not receive, are what takes the time. Of the 4,096 graphs of four nodes each build runs
 * every 61st; the profile {@code soak} runs all.
 */
class OneWayLinksTest {

    private static final NodeSettings SLOW = NodeSettings.defaults()
            .with(Settings.TOKEN, Duration.ofMinutes(1))
            .with(Settings.TOKEN_RETRANSMIT, Duration.ofSeconds(50))
            .with(Settings.HOLD, Duration.ofSeconds(40))
            .with(Settings.JOIN, Duration.ofSeconds(4))
            .with(Settings.MERGE, Duration.ofSeconds(12))
            .with(Settings.FAIL_RECV_CONST, 50);
    private static final Faults NETWORK = Faults.none().withDelay(Duration.ofMillis(40), Duration.ofMillis(20));
    private static final Duration SETTLING = SLOW.timing().token().multipliedBy(30);
    private static final Duration HEALING = SLOW.timing().token().multipliedBy(4);
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
    private static final int CHANGES_MAX = 2;

    @ParameterizedTest
    @CsvSource({"3, false, 1", "3, true, 1", "4, false, 61", "4, true, 61"})
    void settles(int nodes, boolean formed, int step) {
        settle(nodes, formed, step);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("soak")
    void settlesWhateverFourNodesHear(boolean formed) {
        settle(4, formed, 1);
    }

    private static void settle(int nodes, boolean formed, int step) {
        int graphs = 1 << (nodes * (nodes - 1));
        List<String> broken = IntStream.rangeClosed(0, (graphs - 1) / step)
                .parallel()
                .map(index -> index * step)
                .mapToObj(graph -> run(nodes, graph, formed))
                .filter(finding -> !finding.isEmpty())
                .toList();

        assertThat(broken).isEmpty();
    }

    /** 3 does not hear 1: the ring works until 1 sends something, and must not be formed again with 3 after that. */
    @Test
    void doesNotTakeBackWhoDoesNotReceive() {
        assertThat(run(3, 0b101111, false)).isEmpty();
        assertThat(run(3, 0b101111, true)).isEmpty();
    }

    /** Tokens get round, and so a ring lasts, until somebody sends: then it breaks up in more than one step. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0b100110001100,
                0b100110011111,
                0b100110101100,
                0b100110111111,
                0b100111001100,
                0b110011011111,
                0b110011111111,
                0b110110011101,
                0b110110011111,
                0b110110111101,
                0b110110111111,
                0b110111011111,
                0b110111101111,
                0b111110111110
            })
    void settlesOnceSomebodySends(int graph) {
        assertThat(run(4, graph, false)).isEmpty();
        assertThat(run(4, graph, true)).isEmpty();
    }

    /** What is wrong with one graph; bit after bit says whether 1 hears 2, 1 hears 3, and so on. */
    private static String run(int nodes, int graph, boolean formed) {
        SimCluster cluster = SimCluster.create(1, nodes, NETWORK, SLOW, NodeLauncher.production());
        if (formed) {
            cluster.startAll();
            cluster.run(HEALING);
            if (!cluster.isOneRing()) {
                return "not formed: " + cluster.state();
            }
        }
        cut(cluster, nodes, graph);
        cluster.startAll();
        cluster.run(SETTLING);
        // A ring that passes tokens and nothing else shows only when somebody sends.
        sendFromAll(cluster);
        cluster.run(SETTLING);
        List<Long> before = changes(cluster);
        for (int half = 0; half < 2; half++) {
            sendFromAll(cluster);
            cluster.run(HALF_AN_HOUR);
        }
        String state = Integer.toBinaryString(1 << (nodes * (nodes - 1)) | graph) + ": " + cluster.state();
        List<Long> after = changes(cluster);
        boolean stable = IntStream.range(0, nodes).allMatch(node -> after.get(node) - before.get(node) <= CHANGES_MAX);
        if (!stable || !cluster.nothingPending()) {
            return "changes " + before + " to " + after + " with " + state;
        }
        cluster.heal();
        cluster.run(HEALING);
        if (!cluster.isOneRing()) {
            return "no ring after " + state + ", but " + cluster.state();
        }
        return cluster.failures().isEmpty() && cluster.checkAtEnd().passed()
                ? ""
                : cluster.failures() + cluster.checkAtEnd().text() + " after " + state;
    }

    private static void sendFromAll(SimCluster cluster) {
        for (SimNode node : cluster.nodes()) {
            node.send(0, 0, Guarantee.SAFE, 100);
            node.send(0, 0, Guarantee.AGREED, 100);
        }
    }

    private static void cut(SimCluster cluster, int nodes, int graph) {
        int bit = 0;
        for (int to = 1; to <= nodes; to++) {
            for (int from = 1; from <= nodes; from++) {
                if (from != to && (graph >> bit++ & 1) == 0) {
                    cluster.cut(from, to);
                }
            }
        }
    }

    /** How many regular configurations each node has seen. */
    private static List<Long> changes(SimCluster cluster) {
        return cluster.nodes().stream()
                .map(node -> node.logs().stream()
                        .map(EvsLog::events)
                        .flatMap(List::stream)
                        .filter(event -> event instanceof LogEvent.Conf conf && conf.isRegular())
                        .count())
                .toList();
    }
}

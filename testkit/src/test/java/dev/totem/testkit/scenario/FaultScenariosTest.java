/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.sim.DiskFate;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each fault requires: the table of {@code PROTOCOL.md} 9.5, a test per row, with production nodes. */
class FaultScenariosTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private SimCluster cluster = formed(1, 3);

    @AfterEach
    void comesToRestAndKeepsAllProperties() {
        assertThat(cluster.quiesce(LIMIT)).as(cluster.state()).isTrue();
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.checkAtEnd().violations())
                .as(cluster.checkAtEnd().text())
                .isEmpty();
    }

    @Test
    void losesAndRepeatsDatagramsWithoutAChangeOfTheConfiguration() {
        List<Integer> before = changes();
        cluster.faults(Faults.none().withLoss(0.1).withDuplication(0.1).withReordering(0.2));

        sendFromAll(200);

        assertThat(cluster.runUntil(
                        () -> deliveries(1) == 3 * 200 && deliveries(2) == 3 * 200 && deliveries(3) == 3 * 200, LIMIT))
                .isTrue();
        assertThat(cluster.nothingPending()).isTrue();
        assertThat(changes()).isEqualTo(before);
    }

    @Test
    void copiesOfTheTokenOutrunItsTimeoutHoweverLongLossesMakeRotations() { // PROTOCOL.md 4.3
        List<Integer> before = changes();
        cluster.faults(Faults.none().withLoss(0.15));

        for (int i = 0; i < 10_000; i++) {
            cluster.node(1 + i % 3).send(0, 0, Guarantee.AGREED, 1_000);
            cluster.run(Duration.ofMillis(10));
        }

        assertThat(changes()).isEqualTo(before);
    }

    @Test
    void goesOnWithoutACrashedMember() {
        sendFromAll(50);
        cluster.run(Duration.ofNanos(300_000));

        cluster.crash(2);

        assertThat(cluster.runUntil(() -> isRing(1, 3) && cluster.nothingPending(), LIMIT))
                .isTrue();
        assertThat(transitionalBefore(1, 1, 3)).isTrue();
        assertThat(transitionalBefore(3, 1, 3)).isTrue();
    }

    @Test
    void goesOnWithoutTheRepresentative() {
        sendFromAll(50);

        cluster.crash(1);

        assertThat(cluster.runUntil(() -> isRing(2, 3) && cluster.nothingPending(), LIMIT))
                .isTrue();
    }

    @Test
    void goesOnInBothPartsAndMerges() {
        sendFromAll(20);
        cluster.partition(new int[] {1}, new int[] {2, 3});
        sendFromAll(20);
        assertThat(cluster.runUntil(() -> isRing(1) && isRing(2, 3) && cluster.nothingPending(), LIMIT))
                .isTrue();
        sendFromAll(20);

        cluster.heal();

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3) && cluster.nothingPending(), LIMIT))
                .isTrue();
        assertThat(transitionalBefore(1, 1)).isTrue();
        assertThat(transitionalBefore(2, 2, 3)).isTrue();
    }

    @Test
    void mergesIdlePartsWithoutAnyTraffic() {
        cluster.partition(new int[] {1, 2}, new int[] {3});
        assertThat(cluster.runUntil(() -> isRing(1, 2) && isRing(3), LIMIT)).isTrue();

        cluster.heal();

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3), Duration.ofSeconds(1)))
                .isTrue();
    }

    @Test
    void tellsOfARestartWithinTheTokenTimeoutAsLeftAndJoined() {
        sendFromAll(20);
        cluster.run(Duration.ofMillis(20));

        cluster.crash(2);
        cluster.run(Duration.ofMillis(2));
        cluster.restart(2);

        assertThat(cluster.runUntil(
                        () -> isRing(1, 2, 3)
                                && cluster.node(1).configuration().isPresent()
                                && joinedLast(1).equals(List.of(NodeId.of(2))),
                        LIMIT))
                .as(cluster.state())
                .isTrue();
        assertThat(transitionalBefore(1, 1, 3)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(DiskFate.class)
    void usesNoRingNumberAgainWhateverItFindsOnItsStorage(DiskFate fate) {
        cluster.partition(new int[] {1}, new int[] {2, 3});
        assertThat(cluster.runUntil(() -> isRing(1) && isRing(2, 3), LIMIT)).isTrue();
        sendFromAll(20);
        cluster.run(Duration.ofMillis(5));
        cluster.crash(2);

        cluster.restart(2, fate);

        assertThat(cluster.runUntil(
                        () -> cluster.node(2)
                                .configuration()
                                .filter(ConfigChange::isRegular)
                                .isPresent(),
                        LIMIT))
                .isTrue();
        assertThat(ringsOf(2)).doesNotHaveDuplicates().isSorted();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void stopsTheLaterOfTwoNodesWithOneId(int id) {
        sendFromAll(20);

        SimNode twin = cluster.startTwin(id);

        assertThat(cluster.runUntil(() -> !twin.isLive() && isRing(1, 2, 3) && cluster.nothingPending(), LIMIT))
                .as(cluster.state())
                .isTrue();
        assertThat(cluster.nodesOf(id)).containsExactly(cluster.node(id));
    }

    /** The earlier one's ring has a low number, which a leftover of the later one's former life might have as well. */
    @Test
    void stopsTheLaterOfTwoNodesWithOneIdThatAreAlone() {
        cluster = formed(1, 1);
        cluster.run(Duration.ofSeconds(1));

        SimNode twin = cluster.startTwin(1);

        assertThat(cluster.runUntil(() -> !twin.isLive(), LIMIT))
                .as(cluster.state())
                .isTrue();
    }

    @Test
    void excludesAPausedMemberAndTakesItBack() {
        cluster.node(2).pause();
        sendFromAll(20);
        assertThat(cluster.runUntil(() -> isRing(1, 3), LIMIT)).isTrue();

        cluster.node(2).resume();

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3) && cluster.nothingPending(), LIMIT))
                .isTrue();
    }

    @Test
    void takesNoNoticeOfAShortPause() {
        List<Integer> before = changes();
        cluster.node(2).pause();
        cluster.run(Duration.ofMillis(30));
        cluster.node(2).resume();

        cluster.run(Duration.ofSeconds(1));

        assertThat(changes()).isEqualTo(before);
    }

    @Test
    void settlesWithAOneWayLink() { // P28
        cluster.cut(1, 2);
        cluster.run(Duration.ofSeconds(2));
        List<Integer> before = changes();
        sendFromAll(20);

        cluster.run(Duration.ofMinutes(10));

        assertThat(changes()).isEqualTo(before);
        assertThat(cluster.nothingPending()).isTrue();
    }

    @Test
    void leavesOutAMemberThatDoesNotHearAnother() { // P16, P28
        cluster.cut(3, 2);
        sendFromAll(20);
        cluster.run(Duration.ofSeconds(10));
        List<Integer> before = changes();
        sendFromAll(20);

        cluster.run(Duration.ofMinutes(1));

        assertThat(changes()).isEqualTo(before);
        assertThat(cluster.nothingPending()).isTrue();
    }

    @Test
    void usesALinkAgainThatWorksBothWays() {
        cluster.cut(1, 2);
        cluster.run(Duration.ofMinutes(1));

        cluster.heal();

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3), Duration.ofSeconds(1)))
                .isTrue();
    }

    @Test
    void takesBackWhomItQuarantinedInError() {
        cluster.partition(new int[] {1}, new int[] {2, 3});
        cluster.run(Duration.ofMillis(130));
        cluster.heal();
        cluster.run(Duration.ofMillis(2));
        cluster.partition(new int[] {1}, new int[] {2, 3});
        cluster.run(Duration.ofMillis(140));

        cluster.heal();

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3), Duration.ofSeconds(1)))
                .as(cluster.state())
                .isTrue();
    }

    @Test
    void changesAtOnceWhenAMemberLeaves() {
        cluster.node(3).leave();

        assertThat(cluster.runUntil(() -> isRing(1, 2), Duration.ofMillis(50))).isTrue();
    }

    private static SimCluster formed(long seed, int nodes) {
        SimCluster cluster = SimCluster.create(seed, nodes, Faults.none());
        cluster.startAll();
        assertThat(cluster.runUntil(() -> cluster.isOneRing(), LIMIT)).isTrue();
        return cluster;
    }

    private void sendFromAll(int count) {
        for (int i = 0; i < count; i++) {
            for (SimNode node : cluster.nodes()) {
                node.send(i, 0, i % 3 == 0 ? Guarantee.SAFE : Guarantee.AGREED, 10 + 37 * i);
            }
        }
    }

    private boolean isRing(int... members) {
        return cluster.isOneRing(ids(members));
    }

    private static List<NodeId> ids(int... ids) {
        return IntStream.of(ids).mapToObj(NodeId::of).toList();
    }

    private List<Integer> changes() {
        return cluster.nodes().stream().map(node -> confs(node).size()).toList();
    }

    private long deliveries(int node) {
        return cluster.node(node).logs().stream()
                .flatMap(log -> log.events().stream())
                .filter(LogEvent.Deliver.class::isInstance)
                .count();
    }

    private List<NodeId> joinedLast(int node) {
        return cluster.node(node).configuration().map(ConfigChange::joined).orElse(List.of());
    }

    /** Whether the node's last regular configuration came after a transitional one of just these members. */
    private boolean transitionalBefore(int node, int... members) {
        List<LogEvent.Conf> confs = confs(cluster.node(node));
        LogEvent.Conf transitional = confs.get(confs.size() - 2);
        return !transitional.isRegular() && transitional.members().equals(ids(members));
    }

    /** The numbers of all regular configurations of all lives of a node, in order. */
    private List<Long> ringsOf(int node) {
        return cluster.node(node).logs().stream()
                .flatMap(log -> log.events().stream())
                .filter(event -> event instanceof LogEvent.Conf conf && conf.isRegular())
                .map(event -> ((LogEvent.Conf) event).ring().seq())
                .toList();
    }

    private static List<LogEvent.Conf> confs(SimNode node) {
        List<EvsLog> logs = node.logs();
        return logs.get(logs.size() - 1).events().stream()
                .filter(LogEvent.Conf.class::isInstance)
                .map(LogEvent.Conf.class::cast)
                .toList();
    }
}

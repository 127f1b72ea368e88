/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.internal.wire.MessageCodec;
import dev.totem.core.spi.PlainSeal;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The defects of others, {@code PROTOCOL.md} 10, that need production nodes to show: docs/PITFALLS.md. */
class PitfallScenariosTest {

    /** What the sender has delivered has reached the others by then. */
    private static final Duration UNDER_WAY = Duration.ofMillis(10);

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LARGEST_DATAGRAM = 1_472;
    private static final int LONGEST_TOKEN = 500;
    private static final int LARGE = 200_000;

    private SimCluster cluster;

    @AfterEach
    void comesToRestAndKeepsAllProperties() {
        assertThat(cluster.quiesce(LIMIT)).as(cluster.state()).isTrue();
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.checkAtEnd().violations())
                .as(cluster.checkAtEnd().text())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    @Tag("P13")
    void partsAtRandomAndHealsWithOneMembershipForAll(long seed) {
        form(seed, 5);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 12; round++) {
            int[] sides = random.ints(5, 0, 3).toArray();
            cluster.partition(side(sides, 0), side(sides, 1), side(sides, 2));
            sendFromAll(2, 100);
            cluster.run(Duration.ofMillis(random.nextInt(1, 400)));
            cluster.heal();
            cluster.run(Duration.ofMillis(random.nextInt(1, 400)));
        }

        cluster.heal();

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3, 4, 5), LIMIT)).isTrue();
        assertThat(cluster.check().violations()).isEmpty();
    }

    private static int[] side(int[] sides, int which) {
        return IntStream.range(0, sides.length)
                .filter(node -> sides[node] == which)
                .map(node -> node + 1)
                .toArray();
    }

    @Test
    @Tag("P35")
    @Tag("P57")
    void aMemberRestartsAgainAndAgainWhileAnotherSendsLargeMessages() {
        form(1, 3);
        cluster.faults(Faults.none().withLoss(0.05));
        for (int round = 0; round < 10; round++) {
            cluster.node(1).send(0, 0, Guarantee.AGREED, LARGE);
            cluster.node(3).send(0, 0, Guarantee.AGREED, LARGE);
            cluster.run(Duration.ofMillis(3 + round));
            cluster.crash(3);
            cluster.run(Duration.ofMillis(20L * round));
            cluster.restart(3);
            assertThat(cluster.runUntil(() -> isRing(1, 2, 3), LIMIT))
                    .as(cluster.state())
                    .isTrue();
        }

        assertThat(cluster.runUntil(() -> deliveries(2, 1) == 10, LIMIT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Tag("P36")
    void whoIsExcludedInTheMiddleOfAMessageSendsItWholeOnItsReturn(int paused) {
        form(paused, 3);
        SimNode node = cluster.node(paused);
        for (int i = 0; i < 8; i++) {
            node.send(0, 0, Guarantee.AGREED, 1 << 20);
        }
        assertThat(cluster.runUntil(() -> node.pending() < 8, LIMIT)).isTrue();
        node.pause();
        assertThat(node.pending()).as("one is ordered, the next is under way").isBetween(1, 7);
        int[] others = IntStream.rangeClosed(1, 3).filter(id -> id != paused).toArray();
        assertThat(cluster.runUntil(() -> isRing(others), LIMIT)).isTrue();

        node.resume();

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3) && node.pending() == 0, LIMIT))
                .as(cluster.state())
                .isTrue();
        cluster.run(UNDER_WAY);
        for (int id = 1; id <= 3; id++) {
            assertThat(deliveries(id, paused)).as("at %d", id).isEqualTo(8);
        }
    }

    /** A change of the guarantee ends a packet, so that there is one of every size up to the largest. */
    @Test
    @Tag("P41")
    @Tag("P42")
    void recoversPacketsOfEverySizeWithinTheLengthOfADatagram() {
        AtomicInteger longest = new AtomicInteger();
        NodeLauncher launcher = measuring(bytes -> longest.accumulateAndGet(bytes, Math::max));
        form(SimCluster.create(1, 4, Faults.none(), NodeSettings.defaults(), launcher));
        cluster.faults(Faults.none().withLargeLoss(LONGEST_TOKEN, 1));
        for (int size = LARGEST_DATAGRAM; size >= 0; size--) {
            cluster.node(1).send(0, 0, size % 2 == 0 ? Guarantee.AGREED : Guarantee.FIFO, size);
        }
        assertThat(cluster.runUntil(() -> deliveries(1, 1) == LARGEST_DATAGRAM + 1, Duration.ofMillis(800)))
                .as("%d of %d in %s", deliveries(1, 1), LARGEST_DATAGRAM + 1, cluster.state())
                .isTrue();
        assertThat(deliveries(2, 1) + deliveries(3, 1))
                .as("the largest came first, and is lost")
                .isZero();

        cluster.crash(4);
        cluster.run(Duration.ofMillis(50));
        cluster.faults(Faults.none().withLargeLoss(LARGEST_DATAGRAM, 1));

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3), LIMIT))
                .as(cluster.state())
                .isTrue();
        for (int id = 1; id <= 3; id++) {
            assertThat(deliveries(id, 1)).isEqualTo(LARGEST_DATAGRAM + 1);
            List<LogEvent.Conf> confs = confs(id);
            assertThat(confs.get(confs.size() - 2).members()).isEqualTo(ids(1, 2, 3));
        }
        assertThat(longest)
                .as("the longest recovered message, which needs no second datagram")
                .hasValue(LARGEST_DATAGRAM
                        - PlainSeal.create()
                                .session(NodeId.of(1), NodeSettings.defaults().cluster())
                                .overheadBytes());
    }

    /** Production nodes, of which is told how long each recovered message is that they multicast. */
    private static NodeLauncher measuring(IntConsumer recoveredBytes) {
        MessageCodec codec = new MessageCodec();
        StepWitness measure = (input, view, effects) -> effects.stream()
                .filter(Effect.Multicast.class::isInstance)
                .map(effect -> ((Effect.Multicast) effect).message())
                .filter(RecoveredMessage.class::isInstance)
                .forEach(message -> recoveredBytes.accept(codec.encodedBytes(message)));
        return (self, config, world, onBound) -> NodeLauncher.production()
                .launch(
                        self,
                        config,
                        new NodeLauncher.World(
                                world.link(),
                                world.scheduler(),
                                world.disk(),
                                world.random(),
                                world.reserve(),
                                world.witness().and(measure)),
                        onBound);
    }

    @Test
    @Tag("P50")
    void whoJoinsWhileTwoSendLargeMessagesSeesWholeOnesOnly() {
        cluster = SimCluster.create(1, 4, Faults.none());
        for (int id = 1; id <= 3; id++) {
            cluster.node(id).start();
        }
        assertThat(cluster.runUntil(() -> isRing(1, 2, 3), LIMIT)).isTrue();
        for (int i = 0; i < 12; i++) {
            cluster.node(1).send(0, 0, Guarantee.AGREED, 1 << 20);
            cluster.node(2).send(0, 0, Guarantee.AGREED, 1 << 20);
        }
        cluster.run(Duration.ofMillis(20));

        cluster.node(4).start();

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3, 4), LIMIT)).isTrue();
        assertThat(cluster.nothingPending()).as("the senders are in the middle").isFalse();
        assertThat(cluster.runUntil(() -> cluster.nothingPending(), LIMIT)).isTrue();
        assertThat(cluster.runUntil(() -> deliveries(3, 1) + deliveries(3, 2) == 24, LIMIT))
                .isTrue();
        assertThat(deliveries(4, 1)).isPositive();
        assertThat(deliveries(4, 2)).isPositive();
    }

    @Test
    @Tag("P69")
    void fullQueuesDoNotKeepTheOthersFromFormingARing() {
        form(1, 4);
        sendFromAll(1_000, 1_000);
        cluster.run(Duration.ofMillis(2));

        cluster.crash(2);

        assertThat(cluster.runUntil(() -> isRing(1, 3, 4), Duration.ofSeconds(1)))
                .as(cluster.state())
                .isTrue();
        assertThat(cluster.runUntil(cluster::nothingPending, LIMIT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Tag("P71")
    void whoStoodStillSeesTheOthersLeaveAndJoin(int paused) {
        form(paused, 3);
        int[] others = IntStream.rangeClosed(1, 3).filter(id -> id != paused).toArray();
        int before = confs(paused).size();
        cluster.node(paused).pause();
        assertThat(cluster.runUntil(() -> isRing(others), LIMIT)).isTrue();

        cluster.node(paused).resume();

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3), LIMIT)).isTrue();
        List<LogEvent.Conf> seen = confs(paused).subList(before, confs(paused).size());
        assertThat(seen.get(0).isRegular()).isFalse();
        assertThat(seen.get(0).members()).as("comes alone").isEqualTo(ids(paused));
        assertThat(seen.get(seen.size() - 1).members()).isEqualTo(ids(1, 2, 3));
        for (int other : others) {
            List<LogEvent.Conf> theirs = confs(other);
            assertThat(theirs.get(theirs.size() - 2).members()).doesNotContain(NodeId.of(paused));
        }
    }

    @Test
    @Tag("P72")
    void whoLeftWhileAnotherStoodStillIsGoneForItToo() {
        form(1, 3);
        cluster.node(3).pause();
        cluster.node(2).leave();
        assertThat(cluster.runUntil(() -> isRing(1), LIMIT)).isTrue();

        cluster.node(3).resume();

        assertThat(cluster.runUntil(() -> isRing(1, 3), LIMIT))
                .as(cluster.state())
                .isTrue();
        assertThat(cluster.node(3).configuration().orElseThrow().members()).isEqualTo(ids(1, 3));
        cluster.run(Duration.ofSeconds(2));
        assertThat(isRing(1, 3)).isTrue();
    }

    @Test
    @Tag("P74")
    void aPartitionOfFiveIsOneTransitionalAndOneRegularConfigurationForEach() {
        form(1, 5);
        List<Integer> before = changes();

        cluster.partition(new int[] {1, 2}, new int[] {3, 4, 5});

        assertThat(cluster.runUntil(() -> isRing(1, 2) && isRing(3, 4, 5), LIMIT))
                .isTrue();
        cluster.run(Duration.ofSeconds(2));
        assertThat(changes()).isEqualTo(before.stream().map(count -> count + 2).toList());
    }

    @Test
    @Tag("P74")
    void aMergeOfFiveIsOneTransitionalAndOneRegularConfigurationForEach() {
        form(1, 5);
        cluster.partition(new int[] {1, 2}, new int[] {3, 4, 5});
        assertThat(cluster.runUntil(() -> isRing(1, 2) && isRing(3, 4, 5), LIMIT))
                .isTrue();
        List<Integer> before = changes();

        cluster.heal();

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3, 4, 5), LIMIT)).isTrue();
        cluster.run(Duration.ofSeconds(2));
        assertThat(changes()).isEqualTo(before.stream().map(count -> count + 2).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Tag("P75")
    void whoLeavesAndReturnsAtOnceIsSeenToDoBoth(int leaver) {
        form(leaver, 3);
        sendFromAll(20, 100);
        int other = leaver % 3 + 1;
        int before = confs(other).size();

        cluster.node(leaver).leave();
        assertThat(cluster.runUntil(() -> !cluster.node(leaver).isLive(), LIMIT))
                .isTrue();
        cluster.restart(leaver);

        assertThat(cluster.runUntil(() -> isRing(1, 2, 3) && confs(other).size() > before, LIMIT))
                .as(cluster.state())
                .isTrue();
        List<LogEvent.Conf> seen = confs(other).subList(before, confs(other).size());
        assertThat(seen)
                .filteredOn(conf -> !conf.isRegular())
                .first()
                .satisfies(conf -> assertThat(conf.members()).doesNotContain(NodeId.of(leaver)));
        assertThat(cluster.runUntil(cluster::nothingPending, LIMIT)).isTrue();
    }

    private void form(long seed, int nodes) {
        form(SimCluster.create(seed, nodes, Faults.none()));
    }

    private void form(SimCluster created) {
        cluster = created;
        cluster.startAll();
        assertThat(cluster.runUntil(() -> cluster.isOneRing(), LIMIT)).isTrue();
    }

    private void sendFromAll(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            for (SimNode node : cluster.nodes()) {
                node.send(0, 0, i % 3 == 0 ? Guarantee.SAFE : Guarantee.AGREED, bytes);
            }
        }
    }

    private boolean isRing(int... members) {
        return cluster.isOneRing(ids(members));
    }

    private static List<NodeId> ids(int... ids) {
        return Arrays.stream(ids).mapToObj(NodeId::of).toList();
    }

    private List<Integer> changes() {
        return cluster.nodes().stream()
                .map(node -> confs(node.id().value()).size())
                .toList();
    }

    /** What this node's lives delivered of a sender's. */
    private long deliveries(int node, int sender) {
        return cluster.node(node).logs().stream()
                .flatMap(log -> log.events().stream())
                .filter(LogEvent.Deliver.class::isInstance)
                .filter(event -> ((LogEvent.Deliver) event).sender().equals(NodeId.of(sender)))
                .count();
    }

    /** The configurations of this node's present life. */
    private List<LogEvent.Conf> confs(int node) {
        List<EvsLog> logs = cluster.node(node).logs();
        return logs.get(logs.size() - 1).events().stream()
                .filter(LogEvent.Conf.class::isInstance)
                .map(LogEvent.Conf.class::cast)
                .toList();
    }
}

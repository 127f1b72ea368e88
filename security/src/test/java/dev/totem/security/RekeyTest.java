/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Guarantee;
import dev.totem.core.KeyMissingException;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.TotemNode;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A ring changes its key while it works: real nodes with real ciphers, in virtual time. */
class RekeyTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int NODES = 4;
    private static final int KEYS = 61;

    private final Random random = new Random(5);
    private final SealedWorld world =
            new SealedWorld(Keys.ring(IntStream.rangeClosed(1, KEYS).toArray()));
    private final SimCluster cluster = SimCluster.create(11, NODES, Faults.none(), RandomSchedule.config(), world);
    private long notAuthentic;

    @BeforeEach
    void aRingThatSealsWithItsFirstKey() {
        cluster.startAll();
        oneRing();
        assertThat(IntStream.rangeClosed(1, NODES).mapToLong(id -> stat(id, Statistics.SEALING_KEY)))
                .containsOnly(1L);
    }

    @Test
    void allMembersSwitchAndNothingIsRefused() throws Exception {
        CompletableFuture<Position> position = rekey(1, 2);
        load(Duration.ofMillis(500));

        assertThat(position.get(10, TimeUnit.SECONDS).ring())
                .isEqualTo(cluster.node(1).configuration().orElseThrow().ring());
        for (int id = 1; id <= NODES; id++) {
            assertThat(stat(id, Statistics.SEALING_KEY)).isEqualTo(2);
            assertThat(stat(id, Statistics.REKEYS)).isEqualTo(1);
            assertThat(stat(id, Statistics.REFUSED_OTHER_KEY)).isZero();
            assertThat(world.keyFile(NodeId.of(id)).active()).isEqualTo(2);
        }
        endsWell();
    }

    @Test
    void aKeyThatIsAddedToTheFilesOfARunningRingCanBeUsed() throws Exception {
        KeyRing more = Keys.ring(IntStream.rangeClosed(1, KEYS + 1).toArray());
        for (int id = 1; id <= NODES; id++) {
            world.keyFile(NodeId.of(id), more);
        }

        CompletableFuture<Position> position = rekey(3, KEYS + 1);
        load(Duration.ofMillis(500));

        position.get(10, TimeUnit.SECONDS);
        assertThat(stat(2, Statistics.SEALING_KEY)).isEqualTo(KEYS + 1);
        endsWell();
    }

    @Test
    void aMemberThatLacksTheKeyIsNamedAndNobodySwitches() {
        world.keyFile(NodeId.of(1), Keys.ring(IntStream.rangeClosed(1, KEYS + 1).toArray()));

        CompletableFuture<Position> position = rekey(1, KEYS + 1);
        load(Duration.ofMillis(500));

        assertThatThrownBy(() -> position.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(KeyMissingException.class)
                .hasMessageMatching("(?s).*key=" + (KEYS + 1) + ": node [234] has no such key.*");
        assertThat(stat(1, Statistics.SEALING_KEY)).isEqualTo(1);
        endsWell();
    }

    @Test
    void theNodeItselfMustHaveTheKeyAndItMustBeNewer() throws Exception {
        CompletableFuture<Position> unknown = rekey(2, 200);
        CompletableFuture<Position> second = rekey(2, 5);
        load(Duration.ofMillis(500));
        second.get(10, TimeUnit.SECONDS);
        CompletableFuture<Position> old = rekey(2, 4);
        load(Duration.ofMillis(100));

        assertThatThrownBy(() -> unknown.get(10, TimeUnit.SECONDS)).hasMessageContaining("node 2 has no such key");
        assertThatThrownBy(() -> old.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(KeyMissingException.class)
                .hasMessageContaining("replaced");
    }

    @Test
    void severalWantDifferentKeysAtOnce() throws Exception {
        CompletableFuture<Position> five = rekey(1, 5);
        CompletableFuture<Position> three = rekey(2, 3);
        CompletableFuture<Position> fiveToo = rekey(3, 5);
        load(Duration.ofSeconds(1));

        five.get(10, TimeUnit.SECONDS);
        fiveToo.get(10, TimeUnit.SECONDS);
        assertThat(three).isDone();
        for (int id = 1; id <= NODES; id++) {
            assertThat(stat(id, Statistics.SEALING_KEY)).isEqualTo(5);
        }
        endsWell();
    }

    @Test
    void theOtherSideOfAPartitionFollowsWhenItHeals() throws Exception {
        cluster.partition(new int[] {1, 2}, new int[] {3, 4});
        load(Duration.ofSeconds(1));
        CompletableFuture<Position> position = rekey(1, 2);
        load(Duration.ofSeconds(1));
        position.get(10, TimeUnit.SECONDS);
        assertThat(stat(3, Statistics.SEALING_KEY)).isEqualTo(1);

        cluster.heal();
        oneRing();

        for (int id = 1; id <= NODES; id++) {
            assertThat(stat(id, Statistics.SEALING_KEY)).isEqualTo(2);
        }
        endsWell();
    }

    @Test
    void bothSidesOfAPartitionAgreeOnTheNewestKey() throws Exception {
        cluster.partition(new int[] {1, 2}, new int[] {3, 4});
        load(Duration.ofSeconds(1));
        CompletableFuture<Position> seven = rekey(1, 7);
        CompletableFuture<Position> four = rekey(3, 4);
        load(Duration.ofSeconds(1));

        cluster.heal();
        oneRing();
        assertThat(seven).isDone();
        assertThat(four).isDone();

        for (int id = 1; id <= NODES; id++) {
            assertThat(stat(id, Statistics.SEALING_KEY)).isEqualTo(7);
        }
        endsWell();
    }

    @Test
    void aNodeThatStartsWithTheOldKeyFollows() throws Exception {
        cluster.crash(4);
        load(Duration.ofSeconds(1));
        CompletableFuture<Position> position = rekey(1, 2);
        load(Duration.ofSeconds(1));
        position.get(10, TimeUnit.SECONDS);

        cluster.restart(4);
        oneRing();

        assertThat(stat(4, Statistics.SEALING_KEY)).isEqualTo(2);
        assertThat(world.keyFile(NodeId.of(4)).active()).isEqualTo(2);
        endsWell();
    }

    /** It hears them, they do not hear it: when they could, they have forgotten the key it seals with. */
    @Test
    void aNodeThatIsQuarantinedWhileKeyFollowsKeyIsNotLeftBehind() throws Exception {
        for (int id = 1; id < NODES; id++) {
            cluster.cut(4, id);
        }
        load(Duration.ofSeconds(2));
        assertThat(cluster.node(4).configuration().orElseThrow().members()).containsExactly(NodeId.of(4));
        switchToNew(KEYS + 1);
        switchToNew(KEYS + 2);

        cluster.heal();
        oneRing();

        for (int id = 1; id <= NODES; id++) {
            assertThat(stat(id, Statistics.SEALING_KEY)).isEqualTo(KEYS + 2);
            assertThat(world.keyFile(NodeId.of(id)).active()).isEqualTo(KEYS + 2);
        }
        endsWell();
    }

    private void switchToNew(int key) throws Exception {
        for (int id = 1; id <= NODES; id++) {
            NodeId node = NodeId.of(id);
            KeyRing more = Keys.ring(IntStream.rangeClosed(1, key).toArray());
            world.keyFile(node, new KeyRing(more.keys(), world.keyFile(node).active()));
        }
        CompletableFuture<Position> position = rekey(1, key);
        assertThat(cluster.runUntil(position::isDone, LIMIT)).isTrue();
        position.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aNodeThatMissedTheKeyStaysOutUntilItsFileHasIt() throws Exception {
        cluster.crash(4);
        load(Duration.ofSeconds(1));
        KeyRing more = Keys.ring(IntStream.rangeClosed(1, KEYS + 1).toArray());
        for (int id = 1; id <= 3; id++) {
            world.keyFile(NodeId.of(id), more);
        }
        CompletableFuture<Position> position = rekey(1, KEYS + 1);
        load(Duration.ofSeconds(1));
        position.get(10, TimeUnit.SECONDS);

        cluster.restart(4);
        cluster.run(Duration.ofSeconds(3));
        assertThat(cluster.node(4).configuration().orElseThrow().members()).containsExactly(NodeId.of(4));
        assertThat(stat(4, Statistics.REFUSED_OTHER_KEY)).isPositive();

        world.keyFile(NodeId.of(4), more);
        oneRing();
        assertThat(stat(4, Statistics.SEALING_KEY)).isEqualTo(KEYS + 1);
        endsWell();
    }

    @Test
    void aCrashInTheMiddleOfASwitchLeavesOneKey() {
        for (int round = 0; round < 12; round++) {
            int victim = 1 + round % NODES;
            int key = 2 + round;
            CompletableFuture<Position> unused = rekey(1 + (round + 1) % NODES, key);
            load(Duration.ofNanos(200_000L * (1 + round)));
            note(victim);
            cluster.crash(victim);
            load(Duration.ofSeconds(1));
            cluster.restart(victim);
            oneRing();
            assertThat(IntStream.rangeClosed(1, NODES)
                            .mapToLong(id -> stat(id, Statistics.SEALING_KEY))
                            .distinct())
                    .as("round %s", round)
                    .containsExactly((long) key);
        }
        endsWell();
    }

    @Test
    void everySecondForAMinuteUnderLoadWithJoinsAndCrashes() {
        int down = 0;
        for (int second = 0; second < KEYS - 1; second++) {
            int asked = 1 + random.nextInt(NODES);
            if (asked != down) {
                CompletableFuture<Position> unused = rekey(asked, 2 + second);
            }
            if (second % 4 == 1) {
                down = 1 + random.nextInt(NODES);
                note(down);
                cluster.crash(down);
            } else if (second % 4 == 3 && down > 0) {
                cluster.restart(down);
                down = 0;
            }
            load(Duration.ofSeconds(1), Duration.ofMillis(10));
        }
        for (int id = 1; id <= NODES; id++) {
            cluster.restart(id);
        }
        oneRing();

        assertThat(IntStream.rangeClosed(1, NODES)
                        .mapToLong(id -> stat(id, Statistics.SEALING_KEY))
                        .distinct())
                .hasSize(1);
        assertThat(stat(1, Statistics.SEALING_KEY)).isGreaterThan(KEYS / 2);
        endsWell();
        assertThat(world.nonces().sealed()).isGreaterThan(10_000);
    }

    @Test
    @Tag("F8")
    void aMemberThatWithholdsTheNextKeyIsLeftOutAndReadsNothingMore() throws Exception {
        KeyRing more = Keys.ring(IntStream.rangeClosed(1, KEYS + 1).toArray());
        for (int id = 1; id <= 3; id++) {
            world.keyFile(NodeId.of(id), more);
        }
        world.withhold(NodeId.of(4));
        CompletableFuture<Position> waiting = rekey(1, KEYS + 1);
        load(Duration.ofSeconds(3));
        assertThat(waiting).as("it says neither yes nor no").isNotDone();

        CompletableFuture<Position> expelled = expel(2, 4, KEYS + 1);
        assertThat(cluster.runUntil(expelled::isDone, LIMIT)).isTrue();
        Position position = expelled.get(10, TimeUnit.SECONDS);
        assertThat(cluster.runUntil(waiting::isDone, LIMIT)).isTrue();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(position);
        assertThat(cluster.runUntil(() -> isRingOf(1, 2, 3), LIMIT))
                .as(cluster.state())
                .isTrue();
        long read = stat(4, Statistics.EVENTS_DELIVERED);
        load(Duration.ofSeconds(2), Duration.ofMillis(20));

        for (int id = 1; id <= 3; id++) {
            assertThat(stat(id, Statistics.SEALING_KEY)).isEqualTo(KEYS + 1);
        }
        assertThat(stat(4, Statistics.SEALING_KEY)).isEqualTo(1);
        assertThat(isRingOf(1, 2, 3)).isTrue();
        assertThat(stat(4, Statistics.REFUSED_OTHER_KEY)).isPositive();
        assertThat(cluster.node(4).configuration().orElseThrow().members()).containsExactly(NodeId.of(4));
        assertThat(stat(4, Statistics.EVENTS_DELIVERED) - read)
                .as("its own only")
                .isLessThan(1_000);
    }

    @Test
    @Tag("F8")
    void whoIsToBeLeftOutIsNotHeeded() throws Exception {
        KeyRing more = Keys.ring(IntStream.rangeClosed(1, KEYS + 1).toArray());
        for (int id = 1; id <= 3; id++) {
            world.keyFile(NodeId.of(id), more);
        }

        // It says that it lacks the key, which would end the attempt of all.
        CompletableFuture<Position> expelled = expel(1, 4, KEYS + 1);
        assertThat(cluster.runUntil(expelled::isDone, LIMIT)).isTrue();

        expelled.get(10, TimeUnit.SECONDS);
        assertThat(cluster.runUntil(() -> isRingOf(1, 2, 3), LIMIT))
                .as(cluster.state())
                .isTrue();
    }

    @Test
    void aNodeDoesNotLeaveItselfOut() {
        TotemNode node = cluster.node(1).node().orElseThrow();

        assertThatThrownBy(() -> node.expel(NodeId.of(1), 2))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("expel=1");
    }

    private CompletableFuture<Position> expel(int id, int member, int key) {
        return cluster.node(id)
                .node()
                .orElseThrow()
                .expel(NodeId.of(member), key)
                .toFuture();
    }

    private boolean isRingOf(int... ids) {
        List<NodeId> members = IntStream.of(ids).mapToObj(NodeId::of).toList();
        return IntStream.of(ids)
                .allMatch(id ->
                        cluster.node(id).configuration().orElseThrow().members().equals(members));
    }

    @Test
    void endsWithTheNode() {
        world.keyFile(NodeId.of(1), Keys.ring(IntStream.rangeClosed(1, KEYS).toArray()));
        TotemNode node = cluster.node(1).node().orElseThrow();
        cluster.node(1).leave();
        cluster.run(Duration.ofSeconds(1));

        assertThatThrownBy(() -> node.rekey(2).toFuture().get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NodeClosedException.class);
    }

    private CompletableFuture<Position> rekey(int id, int key) {
        return cluster.node(id)
                .node()
                .map(node -> node.rekey(key).toFuture())
                .orElseGet(() -> CompletableFuture.failedFuture(new TimeoutException("node " + id + " is down")));
    }

    private void load(Duration time) {
        load(time, Duration.ofMillis(3));
    }

    private void load(Duration time, Duration pause) {
        Duration end = cluster.now().plus(time);
        for (int i = 0; cluster.now().compareTo(end) < 0; i++) {
            for (SimNode node : cluster.nodes()) {
                node.send(i, i, i % 3 == 0 ? Guarantee.SAFE : Guarantee.AGREED, 50 + i % 100 * 30);
            }
            cluster.run(pause);
        }
    }

    private void oneRing() {
        assertThat(cluster.runUntil(cluster::isOneRing, LIMIT))
                .as(cluster.state())
                .isTrue();
        cluster.run(Duration.ofMillis(500));
        assertThat(cluster.runUntil(cluster::isOneRing, LIMIT))
                .as(cluster.state())
                .isTrue();
    }

    /** Before its counters are gone. */
    private void note(int id) {
        if (cluster.node(id).node().isPresent()) {
            notAuthentic += stat(id, Statistics.REFUSED_NOT_AUTHENTIC) + stat(id, Statistics.REFUSED_MALFORMED);
        }
    }

    private void endsWell() {
        assertThat(cluster.runUntil(cluster::nothingPending, LIMIT))
                .as(cluster.state())
                .isTrue();
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.checkAtEnd().passed())
                .as(cluster.checkAtEnd().text())
                .isTrue();
        for (int id = 1; id <= NODES; id++) {
            note(id);
        }
        assertThat(notAuthentic).isZero();
    }

    private long stat(int id, Statistic statistic) {
        return cluster.node(id).node().orElseThrow().stats().get(statistic);
    }
}

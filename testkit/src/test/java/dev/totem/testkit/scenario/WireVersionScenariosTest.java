/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.RingId;
import dev.totem.core.Statistics;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.internal.settings.WireVersions;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Nodes that understand different versions of the wire format; a second one is only known here ({@code WIRE.md}, Versions). */
class WireVersionScenariosTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final WireVersions OLD = new WireVersions(1, 1);
    private static final WireVersions BOTH = new WireVersions(1, 2);
    private static final WireVersions NEW = new WireVersions(2, 2);

    private final Map<NodeId, WireVersions> understood = new TreeMap<>();
    private final Map<RingId, Integer> spoken = new HashMap<>();
    private long agreements;

    @Test
    void aRingSpeaksTheHighestVersionThatAllItsMembersUnderstand() {
        SimCluster cluster = cluster(3, BOTH, BOTH, BOTH, OLD);
        cluster.startAll();
        assertThat(settled(cluster, 1, 2, 3, 4)).isEqualTo(1);

        cluster.node(4).leave();
        assertThat(settled(cluster, 1, 2, 3)).isEqualTo(2);

        cluster.restart(4);
        assertThat(settled(cluster, 1, 2, 3, 4)).isEqualTo(1);

        cluster.partition(new int[] {1, 2}, new int[] {3, 4});
        assertThat(settled(cluster, 1, 2)).isEqualTo(2);
        assertThat(settled(cluster, 3, 4)).isEqualTo(1);

        cluster.heal();
        assertThat(settled(cluster, 1, 2, 3, 4)).isEqualTo(1);

        cluster.crash(4);
        understood.put(NodeId.of(4), BOTH);
        cluster.restart(4);
        assertThat(settled(cluster, 1, 2, 3, 4)).as("the last one is replaced").isEqualTo(2);
        atRest(cluster);
    }

    @Test
    void nodesWithoutACommonVersionGoOnSideBySide() {
        SimCluster cluster = cluster(5, OLD, OLD, NEW, NEW);
        cluster.startAll();
        cluster.run(Duration.ofSeconds(3));

        for (int id = 1; id <= 4; id++) {
            ConfigChange change = cluster.node(id).configuration().orElseThrow();
            assertThat(change.members()).doesNotContain(NodeId.of(id <= 2 ? 3 : 1), NodeId.of(id <= 2 ? 4 : 2));
            assertThat(stats(cluster, id).get(Statistics.DROPPED_OTHER_VERSION)).isPositive();
        }
        assertThat(spoken.values()).contains(1, 2);
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.check().violations()).isEmpty();
    }

    /** The witness looks at every install of every member. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void allMembersOfAnyRingSpeakTheSame(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimCluster cluster = cluster(seed, BOTH, OLD, BOTH, BOTH, OLD);
        cluster.startAll();
        for (int i = 0; i < 40; i++) {
            int id = 1 + random.nextInt(5);
            switch (random.nextInt(4)) {
                case 0 -> cluster.crash(id);
                case 1 -> cluster.node(id).leave();
                case 2 ->
                    cluster.partition(
                            new int[] {id},
                            IntStream.rangeClosed(1, 5)
                                    .filter(other -> other != id)
                                    .toArray());
                default -> cluster.heal();
            }
            cluster.node(1 + random.nextInt(5)).send(0, 0, Guarantee.SAFE, 100);
            cluster.run(Duration.ofMillis(random.nextInt(400)));
            IntStream.rangeClosed(1, 5)
                    .filter(other -> !cluster.node(other).isLive())
                    .forEach(cluster::restart);
        }
        cluster.heal();
        atRest(cluster);

        assertThat(agreements).isGreaterThan(100);
        assertThat(spoken.values()).contains(1, 2);
    }

    private SimCluster cluster(long seed, WireVersions... versions) {
        for (int id = 1; id <= versions.length; id++) {
            understood.put(NodeId.of(id), versions[id - 1]);
        }
        return SimCluster.create(seed, versions.length, Faults.none(), RandomSchedule.config(), this::launch);
    }

    private Mono<TotemNode> launch(
            NodeId self, NodeSettings config, NodeLauncher.World world, Consumer<TotemNode> onBound) {
        NodeLauncher.World seen = new NodeLauncher.World(
                world.link(), world.scheduler(), world.disk(), world.random(), world.reserve(), witness(world));
        return NodeLauncher.production().launch(self, config.withVersions(understood.get(self)), seen, onBound);
    }

    /** Of each ring that is installed, its version is the highest that all of its members understand, as each of them is told. */
    private StepWitness witness(NodeLauncher.World world) {
        return world.witness().and((input, view, effects) -> {
            for (int i = 1; i < effects.size(); i++) {
                if (effects.get(i) instanceof Effect.Agreed agreed
                        && effects.get(i - 1) instanceof Effect.Install install) {
                    installed(install.change(), agreed.agreement().version());
                }
            }
        });
    }

    private void installed(ConfigChange change, int version) {
        agreements++;
        assertThat(version)
                .as("version of %s", change)
                .isEqualTo(change.members().stream()
                        .mapToInt(member -> understood.get(member).highest())
                        .min()
                        .orElseThrow());
        spoken.put(change.ring(), version);
    }

    /** What is spoken on the ring of these. */
    private int settled(SimCluster cluster, int... members) {
        assertThat(cluster.runUntil(
                        () -> cluster.isOneRing(
                                IntStream.of(members).mapToObj(NodeId::of).toList()),
                        LIMIT))
                .as(cluster.state())
                .isTrue();
        int first = version(cluster, members[0]);
        for (int member : members) {
            assertThat(version(cluster, member)).as("at node %d", member).isEqualTo(first);
        }
        return first;
    }

    private static int version(SimCluster cluster, int id) {
        return (int) stats(cluster, id).ring().wireVersion();
    }

    private static NodeStats stats(SimCluster cluster, int id) {
        return cluster.node(id).node().orElseThrow().stats();
    }

    private static void atRest(SimCluster cluster) {
        assertThat(cluster.quiesce(LIMIT)).as(cluster.state()).isTrue();
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.checkAtEnd().violations())
                .as(cluster.checkAtEnd().text())
                .isEmpty();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.ForwardingLink;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;

/**
 * The token is lost when exactly <i>k</i> of <i>n</i> members have installed a ring, for every <i>k</i>, and then the members
 * part ({@code PROTOCOL.md} 3.8): what those delivered who installed, the others owe.
 *
 * <p>Before, one more member sent a message that nobody else received, and crashed. So all that came after it is beyond a gap,
 * and belongs into the transitional configuration.
 */
class PartialInstallTest {

    private static final Duration TOKEN = RandomSchedule.config().timing().token();
    private static final Duration LIMIT = TOKEN.multipliedBy(100);
    private static final int LARGE_BYTES = 500;

    private enum Then {
        THE_INSTALLED_CRASH,
        THEY_PART,
        NOTHING_ELSE
    }

    @TestFactory
    Stream<DynamicTest> keepsWhatTheInstalledDelivered() {
        return IntStream.rangeClosed(2, 5)
                .boxed()
                .flatMap(members -> IntStream.rangeClosed(1, members)
                        .boxed()
                        .flatMap(installed -> Stream.of(Then.values())
                                .flatMap(then -> Stream.of(1, members + 1)
                                        .map(lost -> DynamicTest.dynamicTest(
                                                installed + " of " + members + ", without " + lost + ", then " + then,
                                                () -> run(members, installed, lost, then))))));
    }

    private static void run(int members, int installed, int lost, Then then) {
        TokenThief thief = new TokenThief(members, installed);
        SimCluster cluster = SimCluster.create(1, members + 1, Faults.none(), RandomSchedule.config(), thief);
        cluster.startAll();
        assertThat(cluster.runUntil(cluster::isOneRing, LIMIT)).isTrue();
        cluster.faults(Faults.none().withLargeLoss(LARGE_BYTES, 1));
        cluster.node(lost).send(0, 0, Guarantee.AGREED, 2 * LARGE_BYTES);
        cluster.run(TOKEN.dividedBy(20));
        cluster.nodes().stream().filter(node -> node.id().value() != lost).forEach(node -> {
            node.send(0, 0, Guarantee.SAFE, 10);
            node.send(0, 0, Guarantee.AGREED, 10);
        });
        cluster.run(TOKEN.dividedBy(20));
        cluster.crash(lost);
        thief.lieInWait();

        assertThat(cluster.runUntil(thief::hasStolen, LIMIT)).isTrue();
        assertThat(thief.installers).hasSize(installed);
        assertThat(safeDelivered(cluster, thief.installers.get(0))).isEqualTo(members);
        part(cluster, thief.installers, then);
        thief.goHome();
        cluster.run(TOKEN.multipliedBy(4));

        assertThat(cluster.quiesce(LIMIT)).as(cluster.state()).isTrue();
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.checkAtEnd().violations())
                .as(cluster.checkAtEnd().text())
                .isEmpty();
    }

    private static void part(SimCluster cluster, List<NodeId> installers, Then then) {
        int[] ids = installers.stream().mapToInt(NodeId::value).toArray();
        switch (then) {
            case THE_INSTALLED_CRASH ->
                IntStream.of(ids).filter(id -> cluster.live().size() > 1).forEach(cluster::crash);
            case THEY_PART -> cluster.partition(ids);
            case NOTHING_ELSE -> {}
        }
    }

    private static long safeDelivered(SimCluster cluster, NodeId node) {
        return cluster.node(node.value()).logs().get(0).events().stream()
                .filter(event -> event instanceof LogEvent.Deliver deliver && deliver.guarantee() == Guarantee.SAFE)
                .count();
    }

    /** Nodes whose links fall silent when the last of so many members has installed, before it passes the token on. */
    private static final class TokenThief implements NodeLauncher {

        private final int members;
        private final int installs;
        private final List<NodeId> installers = new ArrayList<>();
        private boolean waiting;
        private boolean stealing;

        TokenThief(int members, int installs) {
            this.members = members;
            this.installs = installs;
        }

        void lieInWait() {
            waiting = true;
        }

        boolean hasStolen() {
            return stealing;
        }

        void goHome() {
            waiting = false;
            stealing = false;
        }

        @Override
        public Mono<TotemNode> launch(NodeId self, NodeSettings config, World world, Consumer<TotemNode> onBound) {
            StepWitness witness = (input, view, effects) -> {
                world.witness().stepped(input, view, effects);
                stepped(self, effects);
            };
            DatagramLink link = new Link(world.link());
            return NodeLauncher.production()
                    .launch(
                            self,
                            config,
                            new World(link, world.scheduler(), world.disk(), world.random(), world.reserve(), witness),
                            onBound);
        }

        private void stepped(NodeId self, List<Effect> effects) {
            boolean installed = effects.stream()
                    .anyMatch(effect -> effect instanceof Effect.Install install
                            && install.change().isRegular()
                            && install.change().members().size() == members);
            if (waiting && installed) {
                installers.add(self);
                stealing = installers.size() == installs;
            }
        }

        private final class Link extends ForwardingLink {

            Link(DatagramLink link) {
                super(link);
            }

            @Override
            public void multicast(ByteBuffer frame) {
                if (!stealing) {
                    super.multicast(frame);
                }
            }

            @Override
            public void announce(ByteBuffer frame) {
                if (!stealing) {
                    super.announce(frame);
                }
            }

            @Override
            public void unicast(NodeId to, ByteBuffer frame) {
                if (!stealing) {
                    super.unicast(to, frame);
                }
            }

            @Override
            public void reply(SocketAddress source, ByteBuffer frame) {
                if (!stealing) {
                    super.reply(source, frame);
                }
            }
        }
    }
}

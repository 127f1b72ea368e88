/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.ForwardingLink;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/** A simulated ring under load whose links spoil a field of some of the messages that they send. */
final class HostileRing {

    private static final Duration TOKEN = RandomSchedule.config().timing().token();
    private static final int MOVES = 12;

    /** One until the token is missed, the others to agree on a ring and to recover. */
    private static final int TOKENS_FOR_A_RING = 5;

    private static final List<Guarantee> GUARANTEES = List.of(Guarantee.values());

    private HostileRing() {}

    /**
     * Runs one; empty if no node ended, all were one ring again that delivered, and so they were after a restart of all.
     *
     * @param spoiling decides what is spoiled, and to what
     */
    static String run(long seed, RandomGenerator spoiling) {
        SplittableRandom random = new SplittableRandom(seed);
        Hostility hostility = new Hostility(spoiling);
        int nodes = 2 + random.nextInt(4);
        SimCluster cluster = SimCluster.create(seed, nodes, Faults.none(), RandomSchedule.config(), hostility);
        cluster.startAll();
        if (!cluster.runUntil(cluster::isOneRing, TOKEN.multipliedBy(50))) {
            return "no ring before anything happened";
        }
        hostility.rate = random.nextInt(3) == 0 ? 0.3 : 0.01 + 0.04 * random.nextDouble();
        for (int move = 0; move < MOVES; move++) {
            load(cluster, random);
            cluster.run(Duration.ofNanos(random.nextLong(TOKEN.toNanos())));
        }
        hostility.rate = 0;
        List<NodeId> ended = cluster.nodes().stream()
                .filter(node -> !node.isLive())
                .map(SimNode::id)
                .toList();
        if (!ended.isEmpty()) {
            return ended + " ended: " + cluster.failures();
        }
        if (!cluster.runUntil(cluster::isOneRing, TOKEN.multipliedBy(100))) {
            return "not one ring again: " + cluster.state() + " " + cluster.failures();
        }
        if (!delivers(cluster, random)) {
            return "the ring delivers nothing: " + cluster.state();
        }
        return startsAgain(cluster, random) ? "" : "no node starts again as before: " + cluster.state();
    }

    private static boolean delivers(SimCluster cluster, SplittableRandom random) {
        int nodes = cluster.nodes().size();
        long before = cluster.deliveries();
        load(cluster, random);
        return cluster.runUntil(() -> cluster.deliveries() >= before + (long) nodes * nodes, TOKEN.multipliedBy(20));
    }

    /** All end at once, and start on what they have stored. */
    private static boolean startsAgain(SimCluster cluster, SplittableRandom random) {
        cluster.nodes().forEach(node -> cluster.crash(node.id().value()));
        cluster.run(TOKEN);
        cluster.startAll();
        return cluster.runUntil(cluster::isOneRing, TOKEN.multipliedBy(50)) && delivers(cluster, random);
    }

    /**
     * Spoils one frame of a ring under load; empty if nobody ended and all are one ring that delivers soon after: as soon as after a
     * token that was lost.
     *
     * @param spoiling decides what is spoiled, and to what
     */
    static String runOnce(long seed, RandomGenerator spoiling) {
        SplittableRandom random = new SplittableRandom(seed);
        Hostility hostility = new Hostility(spoiling);
        int nodes = 2 + random.nextInt(4);
        SimCluster cluster = SimCluster.create(seed, nodes, Faults.none(), RandomSchedule.config(), hostility);
        cluster.startAll();
        if (!cluster.runUntil(cluster::isOneRing, TOKEN.multipliedBy(50))) {
            return "no ring before anything happened";
        }
        cluster.run(Duration.ofNanos(random.nextLong(TOKEN.toNanos())));
        hostility.left = 1;
        load(cluster, random);
        if (!cluster.runUntil(() -> hostility.left == 0, TOKEN)) {
            return "nothing was sent";
        }
        long before = cluster.deliveries();
        load(cluster, random);
        boolean goesOn = cluster.runUntil(
                () -> cluster.isOneRing() && cluster.deliveries() >= before + (long) nodes * nodes,
                TOKEN.multipliedBy(TOKENS_FOR_A_RING));
        return goesOn ? "" : "the ring stands still: " + cluster.state() + " " + cluster.failures();
    }

    private static void load(SimCluster cluster, SplittableRandom random) {
        for (SimNode node : cluster.nodes()) {
            for (int i = 0; i < 5; i++) {
                Guarantee guarantee = GUARANTEES.get(random.nextInt(GUARANTEES.size()));
                node.send(0, random.nextInt(6), guarantee, random.nextInt(3_000));
            }
        }
    }

    /** Production nodes whose links spoil some of what they send. */
    private static final class Hostility implements NodeLauncher {

        private final RandomGenerator random;
        private final Spoiler spoiler;
        private double rate;
        private int left;

        Hostility(RandomGenerator random) {
            this.random = random;
            spoiler = new Spoiler(random);
        }

        @Override
        public Mono<TotemNode> launch(NodeId self, NodeSettings config, World world, Consumer<TotemNode> onBound) {
            World spoilt = new World(
                    new SpoilingLink(world.link()),
                    world.scheduler(),
                    world.disk(),
                    world.random(),
                    world.reserve(),
                    StepWitness.NONE);
            return NodeLauncher.production().launch(self, config, spoilt, onBound);
        }

        private ByteBuffer some(ByteBuffer frame) {
            boolean isNext = left > 0;
            if (!isNext && (rate == 0 || random.nextDouble() >= rate)) {
                return frame;
            }
            left -= isNext ? 1 : 0;
            byte[] bytes = new byte[frame.remaining()];
            frame.get(bytes);
            return ByteBuffer.wrap(spoiler.spoil(bytes));
        }

        private final class SpoilingLink extends ForwardingLink {

            SpoilingLink(DatagramLink link) {
                super(link);
            }

            @Override
            public void multicast(ByteBuffer frame) {
                super.multicast(some(frame));
            }

            @Override
            public void announce(ByteBuffer frame) {
                super.announce(some(frame));
            }

            @Override
            public void unicast(NodeId to, ByteBuffer frame) {
                super.unicast(to, some(frame));
            }

            @Override
            public void reply(SocketAddress source, ByteBuffer frame) {
                super.reply(source, some(frame));
            }
        }
    }
}

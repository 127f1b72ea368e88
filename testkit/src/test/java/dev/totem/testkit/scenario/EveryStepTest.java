/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.Milestone;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A crash of each node, and a pause longer than the token timeout, after every single step of the protocol while three nodes
 * form a ring, recover from the loss of a member, and merge. The node comes back, and all come to rest.
 */
class EveryStepTest {

    private static final Duration TOKEN = RandomSchedule.config().timing().token();
    private static final Duration LIMIT = TOKEN.multipliedBy(100);
    private static final int NODES = 3;

    private enum Phase {
        FORMATION {
            @Override
            void begin(SimCluster cluster) {
                cluster.startAll();
            }

            @Override
            boolean isOver(SimCluster cluster) {
                return cluster.isOneRing();
            }
        },
        /** From the moment at which a partition is noticed. */
        RECOVERY {
            @Override
            void begin(SimCluster cluster) {
                form(cluster);
                sendFromAll(cluster, 10);
                cluster.run(Duration.ofNanos(300_000));
                cluster.partition(new int[] {1, 2}, new int[] {3});
                cluster.await(Milestone.ACCEPT, 1, LIMIT);
            }

            @Override
            boolean isOver(SimCluster cluster) {
                return isSplit(cluster);
            }
        },
        MERGE {
            @Override
            void begin(SimCluster cluster) {
                form(cluster);
                cluster.partition(new int[] {1, 2}, new int[] {3});
                cluster.runUntil(() -> isSplit(cluster), LIMIT);
                cluster.heal();
                sendFromAll(cluster, 5);
            }

            @Override
            boolean isOver(SimCluster cluster) {
                return cluster.isOneRing();
            }
        };

        abstract void begin(SimCluster cluster);

        abstract boolean isOver(SimCluster cluster);

        private static boolean isSplit(SimCluster cluster) {
            return cluster.isOneRing(
                            List.of(cluster.node(1).id(), cluster.node(2).id()))
                    && cluster.isOneRing(List.of(cluster.node(3).id()));
        }
    }

    private enum Fault {
        CRASH,
        PAUSE
    }

    private record Case(Phase phase, Fault fault, int step, int node) {

        String run() {
            SimCluster cluster = cluster();
            phase.begin(cluster);
            cluster.await(Milestone.STEP, step, LIMIT);
            switch (fault) {
                case CRASH -> cluster.crash(node);
                case PAUSE -> cluster.node(node).pause();
            }
            cluster.run(TOKEN.multipliedBy(3).dividedBy(2));
            boolean atRest = cluster.quiesce(LIMIT);
            sendFromAll(cluster, 1);
            boolean sent = cluster.runUntil(cluster::nothingPending, LIMIT);
            cluster.run(TOKEN.multipliedBy(3));
            return atRest
                            && sent
                            && cluster.isOneRing()
                            && cluster.failures().isEmpty()
                            && cluster.checkAtEnd().passed()
                    ? ""
                    : this + ": " + cluster.state() + cluster.failures()
                            + cluster.checkAtEnd().text();
        }
    }

    @ParameterizedTest
    @EnumSource
    void comesToRest(Phase phase) {
        int steps = steps(phase);
        assertThat(steps).isGreaterThan(30);

        List<String> broken = IntStream.rangeClosed(1, steps)
                .boxed()
                .flatMap(step -> IntStream.rangeClosed(1, NODES)
                        .boxed()
                        .flatMap(node -> Stream.of(Fault.values()).map(fault -> new Case(phase, fault, step, node))))
                .parallel()
                .map(Case::run)
                .filter(finding -> !finding.isEmpty())
                .toList();

        assertThat(broken).isEmpty();
    }

    private static int steps(Phase phase) {
        SimCluster cluster = cluster();
        phase.begin(cluster);
        int steps = 0;
        while (!phase.isOver(cluster)) {
            assertThat(cluster.await(Milestone.STEP, 1, LIMIT)).isTrue();
            steps++;
        }
        return steps;
    }

    private static SimCluster cluster() {
        return SimCluster.create(1, NODES, Faults.none());
    }

    private static void form(SimCluster cluster) {
        cluster.startAll();
        cluster.runUntil(cluster::isOneRing, LIMIT);
    }

    private static void sendFromAll(SimCluster cluster, int count) {
        for (SimNode node : cluster.nodes()) {
            for (int i = 0; i < count; i++) {
                node.send(i, 0, i % 2 == 0 ? Guarantee.SAFE : Guarantee.AGREED, 100 + 700 * (i % 3));
            }
        }
    }
}

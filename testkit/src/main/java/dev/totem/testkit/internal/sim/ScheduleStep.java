/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.Guarantee;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** One thing that a schedule does to a cluster. Immutable, any thread; each makes sense whatever was done before. */
public sealed interface ScheduleStep {

    void apply(SimCluster cluster);

    /** Some sends of one node, of sizes and guarantees that follow from a seed. */
    record Sends(int node, int count, long seed) implements ScheduleStep {

        private static final List<Guarantee> GUARANTEES = List.of(Guarantee.FIFO, Guarantee.AGREED, Guarantee.SAFE);
        private static final int FEW_BYTES = 64;
        private static final int FRAMES_BYTES = 6_000;
        private static final int LARGE_BYTES = 30_000;

        @Override
        public void apply(SimCluster cluster) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < count; i++) {
                Guarantee guarantee = GUARANTEES.get(random.nextInt(GUARANTEES.size()));
                int handle = random.nextInt(8);
                int group = random.nextInt(8);
                int bytes = bytes(random);
                cluster.nodesOf(node).forEach(sender -> sender.send(handle, group, guarantee, bytes));
            }
        }

        private static int bytes(SplittableRandom random) {
            int kind = random.nextInt(40);
            if (kind == 0) {
                return LARGE_BYTES;
            }
            return random.nextInt(kind < 10 ? FRAMES_BYTES : FEW_BYTES);
        }
    }

    /** Parts that do not hear each other; heals what was cut before. */
    record Partition(List<List<Integer>> parts) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.partition(parts.stream()
                    .map(part -> part.stream().mapToInt(Integer::intValue).toArray())
                    .toArray(int[][]::new));
        }
    }

    /** Nothing gets from one to the other. */
    record Cut(int from, int to) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.cut(from, to);
        }
    }

    /** No token gets from one to the other, while what the one sends to all does, until the network heals. */
    record CutTokens(int from, int to) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.cutTokens(from, to);
        }
    }

    /** All hear all. */
    record Heal() implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.heal();
        }
    }

    record Crash(int node) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.crash(node);
        }
    }

    /** What was down comes back, with this on its stable storage. */
    record Restart(int node, DiskFate disk) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.restart(node, disk);
        }
    }

    /** Another node with this id starts; nothing if there are two already. */
    record Twin(int node) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            if (cluster.nodesOf(node).size() < 2) {
                cluster.startTwin(node);
            }
        }
    }

    /** An orderly leave. */
    record Leave(int node) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.node(node).leave();
        }
    }

    record Pause(int node, Duration time) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.node(node).pause(time);
        }
    }

    /** Accesses to stable storage take up to this long. */
    record SlowDisk(int node, Duration most) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.node(node).slowDisk(most);
        }
    }

    /** One of the node's subscribers asks for nothing for this long. */
    record Stall(int node, int subscriber, Duration time) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.node(node).stall(subscriber, time);
        }
    }

    /** Handles of the node open and close, join and leave, as follows from a seed. */
    record Churn(int node, long seed) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.nodesOf(node).forEach(of -> of.churn(seed));
        }
    }

    /** What the node sends to all does not arrive, until the network heals. */
    record Mute(int node) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.mute(node);
        }
    }

    /** No token arrives for this long. */
    record LoseTokens(Duration time) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.loseTokens(time);
        }
    }

    /** So many datagrams of the past arrive again. */
    record Replay(int datagrams) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.replay(datagrams);
        }
    }

    /** Another network in one direction between two nodes. */
    record DirectedWeather(int from, int to, Faults faults) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.faults(from, to, faults);
        }
    }

    /** Another network. */
    record Weather(Faults faults) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.faults(faults);
        }
    }

    /** Time passes. */
    record Wait(Duration time) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.run(time);
        }
    }

    /** Time passes until something has happened this many times more, or this long. */
    record Await(Milestone milestone, int times, Duration limit) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.await(milestone, times, limit);
        }
    }

    /** Steps for a person, a line each. */
    static String text(List<ScheduleStep> steps) {
        return String.join(
                "\n", Arrays.stream(steps.toArray()).map(Object::toString).toList());
    }
}

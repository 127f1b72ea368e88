/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.sim;

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
        private static final int LARGE_BYTES = 100_000;

        @Override
        public void apply(SimCluster cluster) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < count; i++) {
                Guarantee guarantee = GUARANTEES.get(random.nextInt(GUARANTEES.size()));
                cluster.node(node).send(random.nextInt(8), random.nextInt(8), guarantee, bytes(random));
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

    record Restart(int node) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.restart(node);
        }
    }

    /** An orderly leave. */
    record Leave(int node) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.node(node).leave();
        }
    }

    record Pause(int node) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.node(node).pause();
        }
    }

    record Resume(int node) implements ScheduleStep {
        @Override
        public void apply(SimCluster cluster) {
            cluster.node(node).resume();
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

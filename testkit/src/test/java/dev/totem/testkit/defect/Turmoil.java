/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import dev.totem.testkit.internal.sim.DiskFate;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.Milestone;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.ScheduleStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Schedules of recoveries that fail: a loaded ring on a lossy network is broken up, and what forms is broken up again when
 * some of its members have got so far and some have not.
 */
final class Turmoil {

    private static final int ROUNDS = 8;
    private static final int SENDS_MAX = 20;
    private static final double LOSS_MAX = 0.2;
    private static final Duration FORMED = Duration.ofMillis(500);
    private static final long LOADED_NANOS = 4_000_000;
    private static final long LATER_NANOS = 1_000_000;

    private final SplittableRandom random;
    private final int nodes;
    private final List<ScheduleStep> steps = new ArrayList<>();

    private Turmoil(long seed) {
        random = new SplittableRandom(seed);
        nodes = random.nextInt(4, 7);
    }

    /** The schedule of a seed. */
    static RandomSchedule of(long seed) {
        Turmoil turmoil = new Turmoil(seed);
        turmoil.steps.add(new ScheduleStep.Wait(FORMED));
        for (int round = 0; round < ROUNDS; round++) {
            turmoil.round();
        }
        return new RandomSchedule(seed, turmoil.nodes, turmoil.steps);
    }

    private void round() {
        steps.add(new ScheduleStep.Weather(Faults.none().withLoss(LOSS_MAX * random.nextDouble())));
        for (int node = 1; node <= nodes; node++) {
            if (random.nextBoolean()) {
                steps.add(new ScheduleStep.Sends(node, 1 + random.nextInt(SENDS_MAX), random.nextLong()));
            }
        }
        pause(LOADED_NANOS);
        disturb();
        for (int again = random.nextInt(4); again > 0; again--) {
            Milestone milestone = random.nextBoolean() ? Milestone.INSTALL : Milestone.ACCEPT;
            steps.add(new ScheduleStep.Await(milestone, 1 + random.nextInt(2 * nodes), FORMED));
            pause(LATER_NANOS);
            disturb();
        }
        steps.add(new ScheduleStep.Heal());
        for (int node = 1; node <= nodes; node++) {
            steps.add(new ScheduleStep.Restart(node, DiskFate.KEPT));
        }
        steps.add(new ScheduleStep.Await(Milestone.INSTALL, 2 * nodes, FORMED));
    }

    private void pause(long mostNanos) {
        steps.add(new ScheduleStep.Wait(Duration.ofNanos(random.nextLong(mostNanos))));
    }

    private void disturb() {
        steps.add(
                switch (random.nextInt(8)) {
                    case 0 -> new ScheduleStep.Crash(node());
                    case 1 -> new ScheduleStep.Pause(node(), Duration.ofNanos(random.nextLong(FORMED.toNanos())));
                    case 2 -> new ScheduleStep.Cut(node(), node());
                    case 3 -> new ScheduleStep.Heal();
                    case 4 -> new ScheduleStep.Restart(node(), DiskFate.KEPT);
                    default -> partition();
                });
    }

    private ScheduleStep partition() {
        List<List<Integer>> parts = List.of(new ArrayList<>(), new ArrayList<>());
        for (int node = 1; node <= nodes; node++) {
            parts.get(random.nextInt(parts.size())).add(node);
        }
        return new ScheduleStep.Partition(parts);
    }

    private int node() {
        return 1 + random.nextInt(nodes);
    }
}

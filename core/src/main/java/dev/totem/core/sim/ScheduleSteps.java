/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes up what happens next. One thread. */
final class ScheduleSteps {

    private final SplittableRandom random;
    private final int nodes;
    private final Duration token;

    ScheduleSteps(SplittableRandom random, int nodes, Duration token) {
        this.random = random;
        this.nodes = nodes;
        this.token = token;
    }

    /** A fault or some sends, and then some time. */
    List<ScheduleStep> next() {
        return random.nextInt(4) == 0 ? atMilestone() : List.of(random.nextInt(3) == 0 ? fault() : sends(), pause());
    }

    /**
     * Disturbs a ring under load, waits until a new one is being formed or installed at some of its members, and disturbs
     * just then: the faults that chance alone would seldom time so well.
     */
    private List<ScheduleStep> atMilestone() {
        List<ScheduleStep> steps = new ArrayList<>();
        for (int sender = 1; sender <= nodes; sender++) {
            if (random.nextBoolean()) {
                steps.add(new ScheduleStep.Sends(sender, 1 + random.nextInt(30), random.nextLong()));
            }
        }
        steps.add(new ScheduleStep.Wait(Duration.ofNanos(random.nextLong(token.toNanos() / 50))));
        steps.add(disturbance());
        int again = 1 + random.nextInt(3);
        for (int i = 0; i < again; i++) {
            Milestone milestone = random.nextBoolean() ? Milestone.INSTALL : Milestone.WRITE;
            steps.add(new ScheduleStep.Await(milestone, 1 + random.nextInt(2 * nodes), token.multipliedBy(5)));
            if (random.nextBoolean()) {
                steps.add(new ScheduleStep.Wait(Duration.ofNanos(random.nextLong(token.toNanos() / 50))));
            }
            steps.add(disturbance());
        }
        return steps;
    }

    private ScheduleStep disturbance() {
        return switch (random.nextInt(6)) {
            case 0 -> new ScheduleStep.Crash(node());
            case 1 -> new ScheduleStep.Pause(node());
            case 2 -> new ScheduleStep.Cut(node(), node());
            case 3 -> new ScheduleStep.Heal();
            default -> partition();
        };
    }

    private ScheduleStep sends() {
        return new ScheduleStep.Sends(node(), 1 + random.nextInt(30), random.nextLong());
    }

    /** Mostly short, so that one thing happens while another is under way. */
    private ScheduleStep pause() {
        long nanos = token.toNanos();
        long longest = switch (random.nextInt(4)) {
            case 0 -> nanos / 100;
            case 1 -> nanos / 10;
            case 2 -> nanos;
            default -> 4 * nanos;
        };
        return new ScheduleStep.Wait(Duration.ofNanos(random.nextLong(longest)));
    }

    private ScheduleStep fault() {
        return switch (random.nextInt(12)) {
            case 0, 1 -> new ScheduleStep.Crash(node());
            case 2, 3 -> new ScheduleStep.Restart(node());
            case 4 -> partition();
            case 5, 6 -> new ScheduleStep.Heal();
            case 7 -> new ScheduleStep.Cut(node(), node());
            case 8 -> new ScheduleStep.Pause(node());
            case 9 -> new ScheduleStep.Resume(node());
            case 10 -> new ScheduleStep.Weather(weather());
            default -> random.nextInt(3) == 0 ? new ScheduleStep.Leave(node()) : partition();
        };
    }

    private ScheduleStep partition() {
        List<List<Integer>> parts = new ArrayList<>();
        int count = 2 + random.nextInt(2);
        for (int part = 0; part < count; part++) {
            parts.add(new ArrayList<>());
        }
        for (int node = 1; node <= nodes; node++) {
            parts.get(random.nextInt(count)).add(node);
        }
        return new ScheduleStep.Partition(parts);
    }

    private Faults weather() {
        Faults faults = Faults.none();
        if (random.nextBoolean()) {
            faults = faults.withLoss(random.nextDouble() * 0.3);
        }
        if (random.nextInt(4) == 0) {
            faults = faults.withLargeLoss(1_000, random.nextDouble());
        }
        if (random.nextInt(3) == 0) {
            faults = faults.withDuplication(random.nextDouble() * 0.3).withReplay(random.nextDouble() * 0.1);
        }
        if (random.nextInt(3) == 0) {
            faults = faults.withReordering(random.nextDouble() * 0.5);
        }
        if (random.nextInt(3) == 0) {
            faults = faults.withDelay(
                    Duration.ofNanos(1 + random.nextLong(token.toNanos() / 50)),
                    Duration.ofNanos(random.nextLong(token.toNanos() / 50)));
        }
        if (random.nextInt(4) == 0) {
            faults = faults.withDiskDelay(Duration.ofNanos(random.nextLong(token.toNanos())));
        }
        return faults.withClockSkew(random.nextDouble() * 0.001);
    }

    private int node() {
        return 1 + random.nextInt(nodes);
    }
}

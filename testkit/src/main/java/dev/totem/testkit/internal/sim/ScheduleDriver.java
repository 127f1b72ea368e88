/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.testkit.Fault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Applies the steps of a schedule when their time has come, while somebody else lets it pass. One thread. */
public final class ScheduleDriver {

    private final LongFunction<List<ScheduleStep>> source;
    private final Queue<ScheduleStep> next = new ArrayDeque<>();
    private final List<TimedStep> applied = new ArrayList<>();
    private long dueNanos;
    private @Nullable Milestone milestone;
    private long goal;
    private boolean isOver;

    /** @param source what happens next, given the time; nothing at the end */
    private ScheduleDriver(LongFunction<List<ScheduleStep>> source) {
        this.source = source;
    }

    /** Faults of these kinds, as a seed will have them, for as long as time passes. */
    public static ScheduleDriver random(long seed, int nodes, Duration token, Set<Fault> faults) {
        if (faults.isEmpty()) {
            return of(List.of());
        }
        ScheduleSteps steps = new ScheduleSteps(
                new SplittableRandom(~seed), new SplittableRandom(Long.reverse(seed)), nodes, token, faults);
        return new ScheduleDriver(now -> steps.next());
    }

    /** Just these. */
    public static ScheduleDriver of(Collection<TimedStep> steps) {
        Queue<TimedStep> left = new ArrayDeque<>(steps);
        return new ScheduleDriver(now -> {
            TimedStep step = left.poll();
            return step == null
                    ? List.of()
                    : List.of(new ScheduleStep.Wait(Duration.ofNanos(Math.max(0, step.atNanos() - now))), step.step());
        });
    }

    /** What was done so far. */
    public List<TimedStep> applied() {
        return List.copyOf(applied);
    }

    /** Nothing more is done. */
    void stop() {
        isOver = true;
    }

    /** Up to when events may run before {@link #advance} is called again; it is called after each of them. */
    long limitNanos() {
        return isOver ? Long.MAX_VALUE : dueNanos;
    }

    /** Does what is due; says whether it did anything. */
    boolean advance(SimCluster cluster, RunTrace trace) {
        int before = applied.size();
        long now = cluster.scheduler().nowNanos();
        while (!isOver && isDue(now, cluster.progress())) {
            milestone = null;
            if (next.isEmpty()) {
                next.addAll(source.apply(now));
            }
            ScheduleStep step = next.poll();
            if (step == null) {
                isOver = true;
            } else if (step instanceof ScheduleStep.Wait wait) {
                dueNanos = now + wait.time().toNanos();
            } else if (step instanceof ScheduleStep.Await await) {
                milestone = await.milestone();
                goal = cluster.progress().of(milestone) + await.times();
                dueNanos = now + await.limit().toNanos();
            } else if (!(step instanceof ScheduleStep.Sends)) {
                trace.happened("fault", step);
                step.apply(cluster);
                applied.add(new TimedStep(now, step));
            }
        }
        return applied.size() > before;
    }

    private boolean isDue(long nowNanos, Progress progress) {
        return nowNanos >= dueNanos || (milestone != null && progress.of(milestone) >= goal);
    }
}

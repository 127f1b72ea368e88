/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import java.util.ArrayList;
import java.util.List;

/** Looks for a shorter schedule that still goes wrong in the same way. One thread. */
public final class Shrinker {

    private final NodeLauncher launcher;
    private final int runsMax;

    /** @param runsMax how many runs it may take */
    public Shrinker(NodeLauncher launcher, int runsMax) {
        this.launcher = launcher;
        this.runsMax = runsMax;
    }

    /** Leaves out as many steps as possible, many at a time first; a schedule that passes comes back as it is. */
    public RandomSchedule.Outcome shrink(RandomSchedule schedule) {
        RandomSchedule.Outcome best = schedule.run(launcher);
        String kind = best.kind();
        int runs = 0;
        int chunk = Math.max(1, best.schedule().steps().size() / 2);
        while (!kind.isEmpty() && runs < runsMax) {
            boolean shorter = false;
            for (int from = 0; from < best.schedule().steps().size() && runs < runsMax; runs++) {
                RandomSchedule.Outcome outcome =
                        without(best.schedule(), from, chunk).run(launcher);
                if (outcome.kind().equals(kind)) {
                    best = outcome;
                    shorter = true;
                } else {
                    from += chunk;
                }
            }
            if (!shorter && chunk == 1) {
                break;
            }
            chunk = Math.max(1, chunk / 2);
        }
        return best;
    }

    private static RandomSchedule without(RandomSchedule schedule, int from, int count) {
        List<ScheduleStep> fewer = new ArrayList<>(schedule.steps());
        fewer.subList(from, Math.min(fewer.size(), from + count)).clear();
        return schedule.withSteps(fewer);
    }
}

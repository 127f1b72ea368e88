/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.clients;

import dev.totem.benchmarks.load.LoadPlan;
import dev.totem.benchmarks.load.LoadReport;
import dev.totem.benchmarks.load.LoadRun;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The load that one handle puts on a ring, as words that a process tells another. Immutable, any thread.
 *
 * @param members of the ring
 * @param warmup seconds
 * @param seconds measured
 * @param rate messages a second; 0 for as many as the ring admits
 */
record LoadWork(int members, int sizeBytes, double warmup, double seconds, int rate) {

    private static final GroupName GROUP = GroupName.of("load");

    static LoadWork of(String words) {
        String[] each = words.split(" ", -1);
        return new LoadWork(
                Integer.parseInt(each[0]),
                Integer.parseInt(each[1]),
                Double.parseDouble(each[2]),
                Double.parseDouble(each[3]),
                Integer.parseInt(each[4]));
    }

    String words() {
        return members + " " + sizeBytes + " " + warmup + " " + seconds + " " + rate;
    }

    /**
     * Does it, and blocks until it is done.
     *
     * @param open a handle that signals on this scheduler
     * @param node of the handle
     */
    LoadReport run(Function<Scheduler, EvsHandle> open, NodeId node) {
        Scheduler lane = Schedulers.newSingle("totem-lane", true);
        Scheduler pace = Schedulers.newSingle("totem-pace", true);
        EvsHandle handle = open.apply(lane);
        try {
            LoadRun run = new LoadRun(
                    new LoadPlan(members, sizeBytes, seconds(warmup), seconds(seconds), true, rate, Guarantee.AGREED),
                    GROUP,
                    lane,
                    pace);
            run.attach(handle, node);
            return Objects.requireNonNull(run.report().block());
        } finally {
            handle.close().block();
            lane.dispose();
            pace.dispose();
        }
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}

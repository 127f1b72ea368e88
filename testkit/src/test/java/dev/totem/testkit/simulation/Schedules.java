/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.Shrinker;
import dev.totem.testkit.internal.sim.Tally;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Runs the schedules of many seeds on several threads; each is a world of its own, so that threads change nothing. */
final class Schedules {

    private static final int SHRINK_RUNS_MAX = 150;
    private static final int PROGRESS_SECONDS = 10;

    private final long from;
    private final long count;
    private final AtomicLong next;
    private final AtomicReference<RandomSchedule> failed = new AtomicReference<>();
    private final AtomicReference<Throwable> broken = new AtomicReference<>();
    private final Tally tally = new Tally();

    Schedules(long from, long count) {
        this.from = from;
        this.count = count;
        this.next = new AtomicLong(from);
    }

    /** From {@code -Dtotem.seed} on, which is then the only one, or {@code -Dtotem.seeds} many. */
    static Schedules ofProperties(long countByDefault) {
        Long seed = Long.getLong("totem.seed");
        return new Schedules(seed == null ? 1 : seed, Long.getLong("totem.seeds", seed == null ? countByDefault : 1));
    }

    /** What the nodes log is part of what they are made to suffer; nobody wants to read it. */
    private static void quieten() {
        ((Logger) LoggerFactory.getLogger("dev.totem.node")).setLevel(Level.OFF);
    }

    /** Stops at the first that fails, which is thrown with its seed and a short schedule that still fails. */
    Tally run(Consumer<Tally> onProgress) throws InterruptedException {
        quieten();
        int threads = Integer.getInteger("totem.threads", Runtime.getRuntime().availableProcessors());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int thread = 0; thread < threads; thread++) {
            pool.execute(this::work);
        }
        pool.shutdown();
        while (!pool.awaitTermination(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
            onProgress.accept(tally);
        }
        if (broken.get() != null) {
            throw new AssertionError("the simulator itself failed", broken.get());
        }
        Optional.ofNullable(failed.get()).ifPresent(Schedules::explain);
        return tally;
    }

    private void work() {
        try {
            for (long seed = next.getAndIncrement();
                    seed < from + count && failed.get() == null && broken.get() == null;
                    seed = next.getAndIncrement()) {
                RandomSchedule.Outcome outcome = RandomSchedule.of(seed).run();
                tally.add(outcome);
                if (!outcome.passed()) {
                    failed.compareAndSet(null, outcome.schedule());
                }
            }
        } catch (RuntimeException | Error defect) {
            broken.set(defect);
        }
    }

    private static void explain(RandomSchedule schedule) {
        RandomSchedule.Outcome outcome = schedule.run();
        RandomSchedule.Outcome small =
                new Shrinker(NodeLauncher.production(), SHRINK_RUNS_MAX).shrink(outcome.schedule());
        throw new AssertionError("rerun: mvn -pl testkit -am test -Dtest=RandomScheduleTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dtotem.seed=" + schedule.seed()
                + "\n" + outcome.kind() + "\n" + outcome.failures() + "\n" + small.text());
    }
}

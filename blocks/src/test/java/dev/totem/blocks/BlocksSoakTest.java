/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.testkit.Fault;
import dev.totem.testkit.SeedRuns;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The schedules of {@link BlocksProofTest} and those that only planted defects need, for hours: {@code mvn -B verify -Psoak -pl blocks
 * -am}, with {@code -Dtotem.seeds=N} schedules from {@code -Dtotem.seed=N} on, on {@code -Dtotem.threads=N}.
 */
@Tag("soak")
class BlocksSoakTest {

    private static final long SCHEDULES = 20_000;
    private static final int PROGRESS_SECONDS = 10;

    private static final List<Fault> ALL = List.of(
            Fault.PARTITION,
            Fault.ONE_WAY,
            Fault.LOSS,
            Fault.DELAY,
            Fault.PAUSE,
            Fault.TOKEN_LOSS,
            Fault.DUPLICATION,
            Fault.REORDERING,
            Fault.SLOW_SUBSCRIBER,
            Fault.CLOCK_SKEW);

    private static final List<Kind> KINDS = List.of(
            new Kind("map", 3, ALL),
            new Kind("seats", 3, ALL),
            new Kind("map-parts", 5, List.of()),
            new Kind("map-mute", 3, List.of()),
            new Kind("map-crash", 3, List.of(Fault.LOSS, Fault.DELAY)),
            new Kind("seats-crash", 3, List.of(Fault.LOSS, Fault.PAUSE)),
            new Kind("seats-late", 3, List.of()),
            new Kind("words", 4, List.of()),
            new Kind("words-crash", 4, List.of()));

    private final long from = Long.getLong("totem.seed", 0);
    private final long until = from + Long.getLong("totem.seeds", SCHEDULES);
    private final AtomicLong next = new AtomicLong(from);
    private final AtomicLong done = new AtomicLong();
    private final AtomicReference<String> failed = new AtomicReference<>("");

    /** Schedules of one kind: those whose number leaves its place when it is divided by the number of kinds. */
    private record Kind(String name, int nodes, List<Fault> faults) {}

    @Test
    void keepsWhatIsPromisedForLong() throws InterruptedException {
        int threads = Integer.getInteger("totem.threads", Runtime.getRuntime().availableProcessors());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int thread = 0; thread < threads; thread++) {
            pool.execute(this::work);
        }
        pool.shutdown();
        while (!pool.awaitTermination(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
            say();
        }
        say();
        assertThat(failed.get()).isEmpty();
        assertThat(done.get()).isEqualTo(until - from);
    }

    private void work() {
        List<SeedRuns> runs = KINDS.stream()
                .map(kind -> new SeedRuns(kind.nodes(), kind.faults(), BlockSchedules.of(kind.name(), kind.nodes())))
                .toList();
        for (long number = next.getAndIncrement();
                number < until && failed.get().isEmpty();
                number = next.getAndIncrement()) {
            int kind = (int) (number % KINDS.size());
            long seed = number / KINDS.size() + 1;
            Optional<Throwable> failure = runs.get(kind).failure(seed);
            if (failure.isPresent()) {
                failed.compareAndSet(
                        "",
                        "schedule " + number + " (\"" + KINDS.get(kind).name() + "\", seed " + seed
                                + "; rerun with -Dtotem.seed=" + number + " -Dtotem.seeds=1): " + failure.get());
            }
            done.incrementAndGet();
        }
    }

    private void say() {
        System.out.println(String.format(
                Locale.ROOT,
                "soak of blocks: schedules %,d of %,d, violations %d",
                done.get(),
                until - from,
                failed.get().isEmpty() ? 0 : 1));
    }
}

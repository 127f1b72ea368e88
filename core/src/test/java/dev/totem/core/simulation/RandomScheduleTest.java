/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.sim.NodeLauncher;
import dev.totem.core.sim.RandomSchedule;
import dev.totem.core.sim.Shrinker;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Production nodes under random faults keep every property and come to rest.
 *
 * <p>{@code -Dtotem.seed=N} runs one schedule, {@code -Dtotem.seeds=N} that many from it on.
 */
class RandomScheduleTest {

    private static final int SEEDS = 200;
    private static final int SHRINK_RUNS_MAX = 150;

    @TestFactory
    Stream<DynamicTest> keepsAllProperties() {
        Long seed = Long.getLong("totem.seed");
        long from = seed == null ? 1 : seed;
        long count = Long.getLong("totem.seeds", seed == null ? SEEDS : 1);
        return LongStream.range(from, from + count)
                .mapToObj(each -> DynamicTest.dynamicTest("seed " + each, () -> keepsAllProperties(each)));
    }

    private static void keepsAllProperties(long seed) {
        RandomSchedule.Outcome outcome = RandomSchedule.of(seed).run();
        if (!outcome.passed()) {
            RandomSchedule.Outcome small =
                    new Shrinker(NodeLauncher.production(), SHRINK_RUNS_MAX).shrink(outcome.schedule());
            throw new AssertionError("rerun: mvn -pl core test -Dtest=RandomScheduleTest -Dtotem.seed=" + seed + "\n"
                    + outcome.kind() + "\n" + outcome.failures() + "\n" + small.text());
        }
    }

    @Test
    void repeatsBitForBit() {
        for (long seed = 1; seed <= 5; seed++) {
            RandomSchedule.Outcome first = RandomSchedule.of(seed).run();
            RandomSchedule.Outcome second = RandomSchedule.of(seed).run();
            assertThat(second.digest()).as("seed " + seed).isEqualTo(first.digest());
            assertThat(second.events()).isEqualTo(first.events());
        }
        assertThat(RandomSchedule.of(1).run().digest())
                .isNotEqualTo(RandomSchedule.of(2).run().digest());
    }
}

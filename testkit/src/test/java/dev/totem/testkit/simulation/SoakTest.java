/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.testkit.internal.sim.Tally;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * As {@link RandomScheduleTest}, for hours: {@code mvn -B verify -Psoak}, with {@code -Dtotem.seeds=N} of them from
 * {@code -Dtotem.seed=N} on, on {@code -Dtotem.threads=N}.
 */
@Tag("soak")
class SoakTest {

    private static final long SEEDS = 100_000;

    @Test
    void keepsAllPropertiesForLong() throws InterruptedException {
        Consumer<Tally> print = tally -> System.out.println("soak: " + tally);

        Tally all = Schedules.ofProperties(SEEDS).run(print);

        print.accept(all);
        assertThat(all.schedules()).isPositive();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Random schedules over the bare machine: what fails here is the protocol's doing. */
class BareScheduleTest {

    @Test
    void keepsAllPropertiesInRandomSchedules() {
        long from = Long.getLong("totem.seed", 1);
        long count = Long.getLong("totem.seeds", 20);
        for (long seed : LongStream.range(from, from + count).toArray()) {
            long began = System.nanoTime();
            RandomSchedule.Outcome outcome = RandomSchedule.of(seed).run(new BareNode.Ether());
            System.err.printf(
                    "seed %d: %s %s, %d events, %d checks, %d ms%n",
                    seed,
                    outcome.passed() ? "ok" : "FAILED",
                    outcome.kind(),
                    outcome.events(),
                    outcome.report().checks(),
                    (System.nanoTime() - began) / 1_000_000);
        }
        assertThat(count).isPositive();
    }
}

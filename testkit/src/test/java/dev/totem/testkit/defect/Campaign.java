/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import dev.totem.testkit.internal.sim.RandomSchedule;
import java.util.Map;
import java.util.function.LongFunction;

/** The kinds of runs in which defects show. */
enum Campaign {
    /** Any faults at any time: what {@code RandomScheduleTest} runs. */
    RANDOM(seed -> Violated.by(RandomSchedule.of(seed).run())),
    /** Recoveries that fail: {@link Turmoil}. */
    TURMOIL(seed -> Violated.by(Turmoil.of(seed).run())),
    /** Rings that only some of their members install: {@link HalfInstalled}. */
    HALF(HalfInstalled::run),
    /** Orderly leaves under load: {@link RollingStop}. */
    STOP(RollingStop::run),
    /** A member that is left behind by a primary ring: {@link LeftBehind}. */
    LEFT(LeftBehind::run),
    /** One fault at a time, each of which is to be named: {@link StagedFaults}. */
    STAGED(StagedFaults::run),
    /** One thing at a time, each with a bound: {@link CalmLife}. */
    CALM(CalmLife::run);

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final LongFunction<Map<String, String>> runs;

    Campaign(LongFunction<Map<String, String>> runs) {
        this.runs = runs;
    }

    /** The properties that the run of a seed violated, each with the details. */
    Map<String, String> run(long seed) {
        return runs.apply(seed);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A ring under load in which any field of any message is spoiled now and then: no node ends, and when that is over all are one
 * ring that delivers, as they are when all have started again. {@code -Dtotem.hostile.seeds} runs more, {@code -Dtotem.seed} one.
 */
@Tag("F5")
class HostileScheduleTest {

    private static final long SEEDS = Long.getLong("totem.hostile.seeds", 100);
    private static final long FIRST = Long.getLong("totem.hostile.first", 1);

    @Test
    void noFieldOfAnyMessageEndsANodeOrKeepsTheRingFromComingBack() {
        Long only = Long.getLong("totem.seed");
        List<String> found = new ArrayList<>();
        for (long seed = only == null ? FIRST : only; seed < (only == null ? FIRST + SEEDS : only + 1); seed++) {
            String failure = HostileRing.run(seed, new SplittableRandom(~seed));
            if (!failure.isEmpty()) {
                found.add("-Dtotem.seed=" + seed + ": " + failure);
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void aSingleSpoiledFrameCostsNoMoreThanALostToken() {
        List<String> found = new ArrayList<>();
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            String failure = HostileRing.runOnce(seed, new SplittableRandom(~seed));
            if (!failure.isEmpty()) {
                found.add("seed " + seed + ": " + failure);
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void findsNothingInTheCorpusOfTheFuzzer() throws IOException {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz/ring"))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).hasSizeGreaterThan(5);
        for (Path input : inputs) {
            LiveRingFuzz.fuzzerTestOneInput(Files.readAllBytes(input));
        }
    }
}

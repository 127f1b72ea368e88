/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** With which ring number a node starts. */
class StartTest {

    private static final long NOW = Instant.parse("2026-11-28T00:00:00Z").toEpochMilli();
    private static final long CLOCK = NOW * Input.Start.NUMBERS_A_MILLISECOND;

    @Test
    void theHigherOfStorageAndClockCounts() {
        assertThat(Input.Start.of(0, NOW).storedRingSeq()).isEqualTo(CLOCK);
        assertThat(Input.Start.of(CLOCK + 400, NOW).storedRingSeq()).isEqualTo(CLOCK + 400);
    }

    @Test
    void aClockThatStandsAtItsEpochLosesNoNumber() {
        assertThat(Input.Start.of(CLOCK, 0).storedRingSeq()).isEqualTo(CLOCK);
    }

    @Test
    void aStoredNumberNearTheEndDoesNotKeepANodeFromStarting() {
        Input.Start start = Input.Start.of(Long.MAX_VALUE - 3, NOW);

        assertThat(start.storedRingSeq()).isEqualTo(CLOCK);
        assertThat(start.ringSeqMax()).isLessThan(1L << 54);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SegmentationTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Near the end of its range, where the clock of a machine may be. */
    private long nowNanos = Long.MAX_VALUE - 3 * SECOND;

    private final Segmentation segmentation = new Segmentation(true);

    @Test
    void whatIsNotSupportedIsNeverTried() {
        Segmentation none = new Segmentation(false);

        assertThat(none.isOn(() -> nowNanos)).isFalse();
    }

    @Test
    void whatIsRefusedIsTriedAgainAfterPausesThatGrowToAMinute() {
        List<Long> pauses = new ArrayList<>();
        for (int n = 0; n < 9; n++) {
            segmentation.refused(nowNanos);
            long seconds = 0;
            while (!segmentation.isOn(() -> nowNanos)) {
                nowNanos += SECOND;
                seconds++;
            }
            pauses.add(seconds);
        }

        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 64L, 64L);
    }

    @Test
    void writesThatWereQueuedTogetherCountAsOneRefusal() {
        for (int n = 0; n < 5; n++) {
            segmentation.refused(nowNanos);
        }
        nowNanos += SECOND;

        assertThat(segmentation.isOn(() -> nowNanos)).isTrue();
    }

    @Test
    void aWriteThatIsTakenEndsThePauses() {
        segmentation.refused(nowNanos);
        nowNanos += SECOND;
        segmentation.refused(nowNanos);
        nowNanos += 2 * SECOND;
        segmentation.taken();
        assertThat(segmentation.isOn(() -> nowNanos)).isTrue();

        segmentation.refused(nowNanos);
        nowNanos += SECOND;

        assertThat(segmentation.isOn(() -> nowNanos)).isTrue();
    }
}

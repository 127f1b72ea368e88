/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("F9")
class RestoreWatchTest {

    private final RestoreWatch watch = new RestoreWatch();

    @Test
    void seesThatTheCalendarHasGoneOnWithoutTheProcess() {
        assertThat(jumps(0, 1_000_000)).isFalse();
        assertThat(jumps(10, 1_000_010)).isFalse();
        assertThat(jumps(20, 1_060_020)).isTrue();
        assertThat(jumps(30, 1_060_030)).as("once").isFalse();
    }

    @Test
    void isQuietAboutPausesAndClocksThatAreSetALittle() {
        assertThat(jumps(0, 1_000_000)).isFalse();
        assertThat(jumps(60_000, 1_060_000)).as("a long pause").isFalse();
        assertThat(jumps(60_010, 1_060_900)).as("set forward").isFalse();
        assertThat(jumps(60_020, 1_000_000)).as("set back").isFalse();
    }

    private boolean jumps(long millis, long epochMillis) {
        return watch.hasJumped(TimeUnit.MILLISECONDS.toNanos(millis), epochMillis);
    }
}

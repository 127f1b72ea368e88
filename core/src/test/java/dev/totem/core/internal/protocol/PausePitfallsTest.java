/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static dev.totem.core.internal.protocol.Pitfalls.meetAgain;
import static dev.totem.core.internal.protocol.Pitfalls.sendMany;
import static dev.totem.core.internal.protocol.Pitfalls.together;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The defects of others that need more than one machine to show: processes that stand still, {@code PROTOCOL.md} 10.2; docs/PITFALLS.md. */
class PausePitfallsTest {

    @ParameterizedTest
    @ValueSource(ints = {300, 600, 900, 1200, 2500, 4000})
    @Tag("P25")
    void aProcessThatStoodStillComesBack(int millis) {
        for (int paused = 1; paused <= 3; paused++) {
            MachineRing ring = together(1, 2, 3);
            sendMany(ring, 30);
            ring.pause(paused);
            ring.run(Duration.ofMillis(millis));

            ring.resume(paused);

            ring.run(Duration.ofMillis(50));
            meetAgain(ring, 1, 2, 3);
            assertThat(ring.member(paused).changes().size())
                    .as("paused %d", paused)
                    .isLessThanOrEqualTo(9);
        }
    }

    @Test
    @Tag("P25")
    void aShortPauseOfOneIsNotSeen() {
        MachineRing ring = together(1, 2, 3);
        ring.pause(2);
        ring.run(Duration.ofMillis(800));

        ring.resume(2);
        ring.run(Duration.ofSeconds(2));

        assertThat(ring.member(1).changes()).hasSize(3);
        assertThat(ring.member(2).changes()).hasSize(3);
        assertThat(ring.member(2).counts.get(RingCounter.PAUSES)).isEqualTo(1);
    }

    @Test
    @Tag("P25")
    void aPauseOfAllIsNotSeen() { //  5.3: a token that waits is read before its loss is declared
        MachineRing ring = together(1, 2, 3);
        IntStream.rangeClosed(1, 3).forEach(ring::pause);
        ring.run(Duration.ofSeconds(3));

        IntStream.rangeClosed(1, 3).forEach(ring::resume);
        ring.run(Duration.ofSeconds(2));

        assertThat(ring.member(1).changes()).hasSize(3);
    }

    @Test
    @Tag("P25")
    void joinsThatWaitedThroughAPauseAreDropped() {
        MachineRing ring = together(1, 2, 3);
        ring.pause(3);
        ring.run(Duration.ofMillis(3500));
        assertThat(ring.together(1, 2)).isTrue();

        ring.resume(3);
        ring.run(Duration.ofMillis(40));

        assertThat(ring.member(3).drops.get(DropReason.AFTER_PAUSE)).isPositive();
        meetAgain(ring, 1, 2, 3);
    }
}

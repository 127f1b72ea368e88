/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {

    @Test
    void takesEachCounterOnce() {
        ReplayWindow window = new ReplayWindow(5);
        for (long counter : new long[] {6, 8, 7, 70, 69, 64, 63}) {
            assertThat(window.isFresh(counter)).as("%s", counter).isTrue();
            window.mark(counter);
            assertThat(window.isFresh(counter)).as("%s again", counter).isFalse();
        }
        assertThat(window.highest()).isEqualTo(70);
    }

    @Test
    void takesNothingUpToItsFloor() {
        ReplayWindow window = new ReplayWindow(1_000);

        for (long counter : new long[] {-1, 0, 999, 1_000, Long.MIN_VALUE}) {
            assertThat(window.isFresh(counter)).as("%s", counter).isFalse();
        }
        assertThat(window.isFresh(1_001)).isTrue();
    }

    @Test
    void takesWhatWasOvertakenByLessThanItsWidth() {
        ReplayWindow window = new ReplayWindow(0);
        window.mark(100_000);

        assertThat(window.isFresh(100_000 - ReplayWindow.FRAMES + 1)).isTrue();
        assertThat(window.isFresh(100_000 - ReplayWindow.FRAMES)).isFalse();
    }

    @Test
    void isSeveralTimesWiderThanWhatANodeSendsInARotation() {
        assertThat(ReplayWindow.FRAMES).isGreaterThan(16_000);
    }

    @Test
    void agreesWithASetThatForgetsNothing() {
        Random random = new Random(20261124);
        for (int round = 0; round < 20; round++) {
            long highest = random.nextInt(1_000);
            ReplayWindow window = new ReplayWindow(highest);
            long floor = highest;
            Set<Long> seen = new HashSet<>();
            for (int frame = 0; frame < 20_000; frame++) {
                long counter = highest
                        + (random.nextInt(200) == 0 ? random.nextInt(40_000) : random.nextInt(20))
                        - random.nextInt(random.nextInt(50) == 0 ? 20_000 : 100);
                boolean expected =
                        counter > floor && highest - counter < ReplayWindow.FRAMES && !seen.contains(counter);

                assertThat(window.isFresh(counter))
                        .as("%s of %s", counter, highest)
                        .isEqualTo(expected);

                if (expected) {
                    window.mark(counter);
                    seen.add(counter);
                    highest = Math.max(highest, counter);
                }
            }
        }
    }
}

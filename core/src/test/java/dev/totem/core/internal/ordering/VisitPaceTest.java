/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisitPaceTest {

    private final VisitPace pace = new VisitPace(96, 100);

    @Test
    void doublesWhileRotationsAreShortUpToTheVisitLimit() {
        assertThat(pace.frames()).isEqualTo(8);
        pace.rotated(49);
        assertThat(pace.frames()).isEqualTo(16);
        for (int i = 0; i < 10; i++) {
            pace.rotated(1);
        }
        assertThat(pace.frames()).isEqualTo(96);
    }

    @Test
    void staysWhereRotationsAreNeitherShortNorLong() {
        pace.rotated(50);
        pace.rotated(100);
        assertThat(pace.frames()).isEqualTo(8);
    }

    @Test
    void halvesWhenARotationIsLongButNeverStops() {
        for (int i = 0; i < 10; i++) {
            pace.rotated(101);
        }
        assertThat(pace.frames()).isEqualTo(1);
    }

    @Test
    void startsAtTheVisitLimitIfThatIsLower() {
        assertThat(new VisitPace(3, 100).frames()).isEqualTo(3);
    }
}

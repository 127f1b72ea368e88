/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 5.3 with a token timeout of 1000 ns. */
class PauseGuardTest {

    private final PauseGuard guard = new PauseGuard(1000);

    @Test
    @Tag("P25")
    void theFirstStepIsNoPause() {
        assertThat(guard.stepped(123_456_789)).isFalse();
        assertThat(guard.inGrace(123_456_789)).isFalse();
    }

    @Test
    void negativeTimesAreTimesToo() {
        guard.stepped(-9_000);

        assertThat(guard.stepped(-8_900)).isFalse();
        assertThat(guard.stepped(-8_000)).isTrue();
        assertThat(guard.inGrace(-7_951)).isTrue();
        assertThat(guard.inGrace(-7_950)).isFalse();
    }

    @Test
    void moreThanHalfATokenTimeoutWithoutAStepIsAPause() {
        guard.stepped(10_000);

        assertThat(guard.stepped(10_500)).isFalse();
        assertThat(guard.stepped(11_001)).isTrue();
    }

    @Test
    void tellsHowLongNothingRan() {
        assertThat(guard.sleptNanos()).isZero();
        guard.stepped(10_000);
        assertThat(guard.sleptNanos()).isZero();
        guard.stepped(10_400);
        assertThat(guard.sleptNanos()).isEqualTo(400);
        assertThat(guard.hasMissedProbes()).isFalse();
        guard.stepped(10_801);
        assertThat(guard.hasMissedProbes()).isTrue();
        assertThat(guard.wasOver(10_400)).isTrue();
        assertThat(guard.wasOver(10_401)).isFalse();
    }

    @Test
    void aPauseIsNoticedOnce() {
        guard.stepped(10_000);
        guard.stepped(11_000);

        assertThat(guard.stepped(11_001)).isFalse();
    }

    @Test
    void aGraceFollowsInWhichWhatWaitedIsRead() {
        guard.stepped(10_000);
        guard.stepped(11_000);

        assertThat(guard.graceUntilNanos()).isEqualTo(11_050);
        assertThat(guard.inGrace(11_049)).isTrue();
        assertThat(guard.inGrace(11_050)).isFalse();
    }

    @Test
    void asksForAStepEveryFifthOfTheTokenTimeout() {
        guard.stepped(10_000);

        assertThat(guard.probeDeadlineNanos()).isEqualTo(10_200);
    }
}

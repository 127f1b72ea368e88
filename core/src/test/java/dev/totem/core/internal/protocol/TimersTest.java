/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimersTest {

    private final Timers timers = new Timers();

    @Test
    void startsWithNothingArmed() {
        assertThat(timers.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(timers.pollDue(Long.MAX_VALUE - 1)).isEmpty();
        for (TimerKind kind : TimerKind.values()) {
            assertThat(timers.isArmed(kind)).isFalse();
        }
    }

    @Test
    void theNextDeadlineIsTheEarliest() {
        timers.arm(TimerKind.TOKEN_LOSS, 30);
        timers.arm(TimerKind.JOIN, 20);
        timers.arm(TimerKind.CONSENSUS, 25);

        assertThat(timers.nextDeadlineNanos()).isEqualTo(20);
    }

    @Test
    void nothingIsDueBeforeItsDeadline() {
        timers.arm(TimerKind.JOIN, 20);

        assertThat(timers.pollDue(19)).isEmpty();
        assertThat(timers.pollDue(20)).contains(TimerKind.JOIN);
    }

    @Test
    void whatWasDueIsDisarmed() {
        timers.arm(TimerKind.JOIN, 20);
        timers.pollDue(20);

        assertThat(timers.isArmed(TimerKind.JOIN)).isFalse();
        assertThat(timers.pollDue(100)).isEmpty();
    }

    @Test
    void tokensGoOnBeforeLossIsDeclared() {
        timers.arm(TimerKind.TOKEN_LOSS, 1);
        timers.arm(TimerKind.CONSENSUS, 2);
        timers.arm(TimerKind.TOKEN_RETRANSMIT, 3);
        timers.arm(TimerKind.HOLD, 4);

        assertThat(timers.pollDue(10)).contains(TimerKind.HOLD);
        assertThat(timers.pollDue(10)).contains(TimerKind.TOKEN_RETRANSMIT);
        assertThat(timers.pollDue(10)).contains(TimerKind.CONSENSUS);
        assertThat(timers.pollDue(10)).contains(TimerKind.TOKEN_LOSS);
    }

    @Test
    void armingAgainMovesTheDeadline() {
        timers.arm(TimerKind.JOIN, 20);

        timers.arm(TimerKind.JOIN, 50);

        assertThat(timers.pollDue(49)).isEmpty();
    }

    @Test
    void cancelsOneOrAll() {
        timers.arm(TimerKind.JOIN, 20);
        timers.arm(TimerKind.MERGE, 30);
        timers.arm(TimerKind.HOLD, 40);

        timers.cancel(TimerKind.JOIN);
        assertThat(timers.nextDeadlineNanos()).isEqualTo(30);

        timers.cancelAll();
        assertThat(timers.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void postponesOnlyWhatIsArmedAndEarlier() {
        timers.arm(TimerKind.JOIN, 20);
        timers.arm(TimerKind.TOKEN_LOSS, 200);

        timers.postpone(100);

        assertThat(timers.nextDeadlineNanos()).isEqualTo(100);
        assertThat(timers.pollDue(100)).contains(TimerKind.JOIN);
        assertThat(timers.nextDeadlineNanos()).isEqualTo(200);
        assertThat(timers.isArmed(TimerKind.HOLD)).isFalse();
    }
}

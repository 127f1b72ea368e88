/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.Crafted.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.internal.message.RegularToken;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 4.3. */
class LastTokenTest {

    private static final long MAX = 480_000;
    private static final RegularToken TOKEN = token(ring(1, 8)).token();

    private final LastToken last = new LastToken(MAX);

    @Test
    void hasNoCopyBeforeATokenWasPassedOn() {
        assertThat(last.copy()).isEmpty();
    }

    @Test
    void copiesTheExactTokenUntilThereIsEvidenceThatItArrived() {
        last.passed(TOKEN, 0, false);
        assertThat(last.copy()).containsSame(TOKEN);
        last.nextDelayNanos();
        assertThat(last.copy()).containsSame(TOKEN);

        last.arrived();

        assertThat(last.copy()).isEmpty();
    }

    @Test
    void keepsOnlyTheLatest() {
        last.passed(TOKEN, 0, false);
        RegularToken later = token(ring(1, 8)).hop(3).token();

        last.passed(later, 0, false);

        assertThat(last.copy()).containsSame(later);
    }

    @Test
    void theFirstCopyFollowsAfterFourRotations() {
        assertThat(last.passed(TOKEN, 12_000, false)).isEqualTo(48_000);
    }

    @Test
    void theFirstCopyIsNeitherTooEarlyNorTooLate() {
        assertThat(last.passed(TOKEN, 0, false)).isEqualTo(MAX / 48);
        assertThat(last.passed(TOKEN, MAX, false)).isEqualTo(MAX / 8);
    }

    @Test
    void onAnIdleRingCopiesAreSlowFromTheStart() {
        assertThat(last.passed(TOKEN, 20_000, true)).isEqualTo(MAX);
        assertThat(last.nextDelayNanos()).isEqualTo(MAX);
    }

    @Test
    void furtherCopiesFollowAfterTwiceTheTimeUpToTheLimit() {
        last.passed(TOKEN, 10_000, false);

        assertThat(last.nextDelayNanos()).isEqualTo(80_000);
        assertThat(last.nextDelayNanos()).isEqualTo(160_000);
        assertThat(last.nextDelayNanos()).isEqualTo(320_000);
        assertThat(last.nextDelayNanos()).isEqualTo(MAX);
        assertThat(last.nextDelayNanos()).isEqualTo(MAX);
    }

    @Test
    void aNewTokenStartsWithShortTimesAgain() {
        last.passed(TOKEN, 10_000, false);
        last.nextDelayNanos();

        assertThat(last.passed(TOKEN, 10_000, false)).isEqualTo(40_000);
    }
}

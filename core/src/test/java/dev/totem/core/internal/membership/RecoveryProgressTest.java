/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.Crafted.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.RegularToken;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 3.6 step 5. */
class RecoveryProgressTest {

    private static final RingId RING = ring(1, 12);

    private static RegularToken at(long seq, long aru, boolean flag) {
        return token(RING).seq(seq).aru(aru, aru == seq ? 0 : 3).flag(flag).token();
    }

    @Test
    @Tag("P37")
    void withNothingToRecoverTheRingIsInstalledAtTheFourthVisit() {
        RecoveryProgress progress = new RecoveryProgress(false);
        for (int visit = 1; visit <= 3; visit++) {
            progress.visited(at(0, 0, false), 0);
            assertThat(progress.isComplete()).as("visit " + visit).isFalse();
        }

        progress.visited(at(0, 0, false), 0);

        assertThat(progress.isComplete()).isTrue();
        assertThat(progress.installSeq()).isZero();
    }

    @Test
    void whoHasSomethingToSendRaisesTheFlagAndLowersItWhenDone() {
        RecoveryProgress progress = new RecoveryProgress(false);

        assertThat(progress.visited(at(0, 0, false), 3)).isTrue();
        assertThat(progress.visited(at(3, 3, true), 1)).isTrue();
        assertThat(progress.visited(at(3, 3, true), 0)).isFalse();
    }

    @Test
    void onlyWhoRaisedTheFlagLowersIt() {
        RecoveryProgress progress = new RecoveryProgress(false);

        assertThat(progress.visited(at(0, 0, true), 2)).isTrue();
        assertThat(progress.visited(at(2, 2, true), 0)).as("raised by another").isTrue();
        assertThat(progress.visited(at(2, 2, false), 0)).isFalse();
    }

    @Test
    @Tag("P39")
    void whoLoweredTheFlagHasNothingToDoWithTheNextOne() {
        RecoveryProgress progress = new RecoveryProgress(false);
        progress.visited(at(0, 0, false), 1);
        progress.visited(at(1, 1, true), 0);

        assertThat(progress.visited(at(1, 1, true), 0)).as("raised by another").isTrue();
    }

    @Test
    void theRepresentativeLowersTheFlagOfTheFirstToken() {
        RecoveryProgress progress = new RecoveryProgress(true);

        assertThat(progress.visited(at(5, 5, true), 0)).isFalse();
    }

    @Test
    @Tag("P38")
    void aFlagThatGoesUpAgainStartsTheCountAgain() {
        RecoveryProgress progress = new RecoveryProgress(false);
        progress.visited(at(0, 0, false), 0);
        progress.visited(at(0, 0, false), 0);
        progress.visited(at(0, 0, false), 0);
        assertThat(progress.installSeq()).isZero();

        progress.visited(at(7, 7, true), 0);
        for (int visit = 1; visit <= 3; visit++) {
            progress.visited(at(9, 9, false), 0);
            assertThat(progress.isComplete()).as("visit " + visit).isFalse();
        }
        progress.visited(at(9, 9, false), 0);

        assertThat(progress.isComplete()).isTrue();
        assertThat(progress.installSeq()).isEqualTo(9);
    }

    @Test
    void theInstallSeqIsThatOfTheSecondVisitWithALoweredFlag() {
        RecoveryProgress progress = new RecoveryProgress(false);
        progress.visited(at(4, 4, false), 0);
        progress.visited(at(6, 6, false), 0);

        progress.visited(at(8, 8, false), 0);

        assertThat(progress.installSeq()).isEqualTo(6);
    }

    @Test
    void isNotCompleteBeforeAllHaveEverythingAtTwoVisits() {
        RecoveryProgress progress = new RecoveryProgress(false);
        for (int visit = 0; visit < 10; visit++) {
            progress.visited(at(6, 5, false), 0);
            assertThat(progress.isComplete()).isFalse();
        }
        progress.visited(at(6, 6, false), 0);
        assertThat(progress.isComplete()).isFalse();
        progress.visited(at(6, 5, false), 0);
        progress.visited(at(6, 6, false), 0);
        assertThat(progress.isComplete()).as("not two in a row").isFalse();

        progress.visited(at(6, 6, false), 0);

        assertThat(progress.isComplete()).isTrue();
    }

    @Test
    void holdsAllOnceTheInstallSeqIsKnownAndReached() {
        RecoveryProgress progress = new RecoveryProgress(false);
        progress.visited(at(6, 6, false), 0);
        assertThat(progress.holdsAll(100)).isFalse();

        progress.visited(at(6, 4, false), 0);

        assertThat(progress.holdsAll(5)).isFalse();
        assertThat(progress.holdsAll(6)).isTrue();
        progress.visited(at(6, 6, true), 0);
        assertThat(progress.holdsAll(6)).as("more is to come").isFalse();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.Crafted.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingId;
import dev.totem.core.Settings;
import dev.totem.core.internal.paper.Crafted.TokenDraft;
import dev.totem.core.internal.settings.NodeSettings;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 4.8, with a constant of 3 and a window of 96, so that 3 frames are little. */
class TokenHoldTest {

    private static final RingId RING = ring(1, 8);
    private static final TokenDraft IDLE = token(RING).seq(7).aru(7, 0);

    private final TokenHold hold = new TokenHold(
            3,
            new FlowControl(
                    NodeSettings.defaults().with(Settings.WINDOW_SIZE, 96).flow()));

    private void visit(TokenDraft token, int times) {
        for (int i = 0; i < times; i++) {
            hold.visited(token.token());
        }
    }

    @Test
    void theRepresentativeHoldsAfterMoreUnchangedVisitsThanTheConstant() {
        visit(IDLE, 1);
        assertThat(hold.isUnchanged()).isFalse();
        visit(IDLE, 3);
        assertThat(hold.isUnchanged()).isTrue();
        assertThat(hold.holds()).isFalse();

        visit(IDLE, 1);

        assertThat(hold.holds()).isTrue();
    }

    @Test
    void aMemberAssumesAHeldTokenOneVisitEarlier() {
        visit(IDLE, 3);
        assertThat(hold.seemsHeld()).isFalse();

        visit(IDLE, 1);

        assertThat(hold.seemsHeld()).isTrue();
    }

    @Test
    void aNewMessageStartsTheCountAgain() {
        visit(IDLE, 10);

        visit(token(RING).seq(8).aru(8, 0), 1);

        assertThat(hold.isUnchanged()).isFalse();
        assertThat(hold.seemsHeld()).isFalse();
        assertThat(hold.holds()).isFalse();
    }

    @Test
    void isNotIdleWhileAMemberMissesSomething() {
        visit(token(RING).seq(7).aru(6, 2), 100);

        assertThat(hold.isUnchanged()).isFalse();
        assertThat(hold.holds()).isFalse();
    }

    @Test
    void isNotIdleWhileARequestIsOpen() {
        visit(token(RING).seq(7).aru(7, 0).requests(7), 100);

        assertThat(hold.holds()).isFalse();
    }

    @Test
    void aCancelStartsTheCountAgain() {
        visit(IDLE, 10);

        hold.cancel();

        assertThat(hold.holds()).isFalse();
        visit(IDLE, 3);
        assertThat(hold.holds()).isFalse();
        visit(IDLE, 1);
        assertThat(hold.holds()).isTrue();
    }

    @Test
    void asksForACancelOnceAVisit() {
        visit(IDLE, 10);

        assertThat(hold.cancelOnce()).isTrue();
        assertThat(hold.cancelOnce()).isFalse();

        visit(IDLE, 1);
        assertThat(hold.cancelOnce()).isTrue();
    }

    @Test
    void asksForNoCancelOnABusyRing() {
        visit(token(RING).seq(7).aru(7, 0).flow(0, 7), 3);

        assertThat(hold.cancelOnce()).isFalse();
    }

    @Test
    void asksForACancelThoughTheRingIsNotQuietAsSeenFromHere() {
        visit(token(RING).seq(7).aru(6, 2).flow(9, 6), 3);

        assertThat(hold.isQuiet()).isFalse();
        assertThat(hold.cancelOnce()).isTrue();
    }

    @Test
    void isQuietWhenAllThatWaitedWasSent() {
        visit(IDLE, 1);
        visit(token(RING).seq(8).aru(8, 0).flow(2, 2), 1);

        assertThat(hold.isQuiet()).isTrue();
        assertThat(hold.isUnchanged()).isFalse();
    }

    @Test
    void isNotQuietWhileSomethingWaitsOrIsMissing() {
        visit(IDLE, 2);
        assertThat(hold.isQuiet()).isTrue();

        visit(token(RING).seq(7).aru(7, 0).flow(3, 2), 1);
        assertThat(hold.isQuiet()).isFalse();
        visit(token(RING).seq(7).aru(6, 2), 1);
        assertThat(hold.isQuiet()).isFalse();
        visit(token(RING).seq(7).aru(7, 0).requests(7), 1);
        assertThat(hold.isQuiet()).isFalse();
    }

    @Test
    void isQuietAfterTwoRotationsWithLittleTraffic() {
        visit(token(RING).seq(7).aru(7, 0).flow(0, 3), 1);
        assertThat(hold.isQuiet()).isFalse();
        visit(token(RING).seq(7).aru(7, 0).flow(0, 3), 1);
        assertThat(hold.isQuiet()).isTrue();

        visit(token(RING).seq(7).aru(7, 0).flow(0, 4), 1);
        assertThat(hold.isQuiet()).isFalse();
        visit(token(RING).seq(7).aru(7, 0).flow(0, 3), 1);
        assertThat(hold.isQuiet()).isFalse();
    }

    @Test
    void isNotQuietOnceWhenItWasWantedMeanwhile() {
        visit(IDLE, 1);
        hold.cancel();

        visit(IDLE, 1);
        assertThat(hold.isQuiet()).isFalse();
        visit(IDLE, 1);
        assertThat(hold.isQuiet()).isTrue();
    }

    @Test
    void aReleaseStartsTheCountAgainAndLetsItPause() {
        visit(IDLE, 10);

        hold.released();

        visit(IDLE, 1);
        assertThat(hold.holds()).isFalse();
        assertThat(hold.isQuiet()).isTrue();
    }
}

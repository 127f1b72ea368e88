/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.paper;

import static dev.totem.core.internal.paper.Crafted.entry;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.join;
import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.Crafted.token;
import static dev.totem.core.internal.paper.MembershipAsserts.FOREIGN;
import static dev.totem.core.internal.paper.MembershipAsserts.MOMENT;
import static dev.totem.core.internal.paper.MembershipAsserts.TOKEN;
import static dev.totem.core.internal.paper.MembershipAsserts.assertGathering;
import static dev.totem.core.internal.paper.MembershipAsserts.assertGathers;
import static dev.totem.core.internal.paper.MembershipAsserts.assertStays;
import static dev.totem.core.internal.paper.MembershipAsserts.lastJoin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.GatherReason;
import dev.totem.core.internal.protocol.RingPhase;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The transition table of {@code PROTOCOL.md} 3.3 in Commit, row by row; node 2 in a ring of 1, 2 and 3 unless said otherwise. */
class CommitTransitionsTest {

    private final SoloMachine solo = SoloMachine.inRing(2, 1, 2, 3);
    private final RingId old = solo.ring();

    CommitTransitionsTest() {
        solo.turn();
        solo.pass(TOKEN);
        solo.meet(ids(1, 2, 3), List.of());
        solo.commit(solo.alone());
    }

    @Test
    @Tag("P4")
    @Tag("P44")
    void aRegularTokenIsDropped() {
        assertStays(
                solo,
                RingPhase.COMMIT,
                DropReason.WRONG_STATE,
                token(solo.ring()).token());
        assertStays(
                solo,
                RingPhase.COMMIT,
                DropReason.WRONG_STATE,
                token(old).hop(900).token());
    }

    @Test
    void ordinaryAndRecoveryMessagesAreDropped() {
        assertStays(solo, RingPhase.COMMIT, DropReason.WRONG_STATE, message(3, solo.ring(), 1));
        assertStays(solo, RingPhase.COMMIT, DropReason.WRONG_STATE, message(3, old, 1));
        assertStays(solo, RingPhase.COMMIT, DropReason.WRONG_STATE, message(9, FOREIGN, 1));
        assertStays(
                solo,
                RingPhase.COMMIT,
                DropReason.WRONG_STATE,
                new RecoveredMessage(origin(3), solo.ring(), 1, message(3, old, 1)));
    }

    @Test
    void mergeDetectAndHoldCancelAreDropped() {
        assertStays(solo, RingPhase.COMMIT, DropReason.WRONG_STATE, new MergeDetect(origin(9), FOREIGN));
        assertStays(solo, RingPhase.COMMIT, DropReason.WRONG_STATE, new HoldCancel(origin(1), old));
    }

    @Test
    void aMembersJoinWithTheNumberOfThisRingEndsTheAttempt() {
        assertGathers(
                solo,
                GatherReason.JOIN_IN_COMMIT,
                join(3, ids(1, 2, 3), ids(), solo.ring().seq()));

        assertThat(lastJoin(solo).ringSeq()).as("the number is used").isEqualTo(old.seq() + 4);
    }

    @Test
    void aJoinOfTheRoundThatLedHereIsDroppedButItsNumberIsHeard() {
        assertStays(solo, RingPhase.COMMIT, DropReason.STALE, join(3, ids(1, 2, 3), ids(), old.seq()));
        assertStays(solo, RingPhase.COMMIT, DropReason.STALE, join(9, ids(9), ids(), 5000));
    }

    @Test
    void aJoinOfThatRoundWithMoreCandidatesEndsTheAttempt() { // its sender will not accept this commit token
        assertStays(solo, RingPhase.COMMIT, DropReason.STALE, join(3, ids(1, 2, 3, 4), ids(2), old.seq()));
        assertStays(solo, RingPhase.COMMIT, DropReason.STALE, join(9, ids(1, 2, 3, 9), ids(), old.seq()));
        assertStays(solo, RingPhase.COMMIT, DropReason.STALE, join(3, ids(1, 2, 3, 4), ids(), old.seq() - 4));

        assertGathers(solo, GatherReason.JOIN_IN_COMMIT, join(3, ids(1, 2, 3, 4), ids(), old.seq()));

        assertThat(lastJoin(solo).proc()).isEqualTo(ids(1, 2, 3, 4));
    }

    @Test
    void theCompleteTokenBringsRecovery() {
        CommitToken complete = solo.commitToken(4, solo.table(solo.alone()));
        solo.clear();

        solo.receive(complete);

        assertThat(solo.phase()).isEqualTo(RingPhase.RECOVERY);
        CommitToken passed = solo.unicasts(CommitToken.class).get(0);
        assertThat(passed.tokenSeq()).isEqualTo(5);
        assertThat(passed.entries()).isEqualTo(complete.entries());
        assertThat(passed.origin()).isEqualTo(origin(2));
    }

    @Test
    void aCopyOfTheFirstRotationIsDropped() {
        assertStays(
                solo,
                RingPhase.COMMIT,
                DropReason.DUPLICATE_TOKEN,
                solo.commitToken(1, List.of(entry(1, old, 0, 0, false))));
    }

    @Test
    void aCommitTokenOfAnotherRingIsDropped() {
        assertStays(
                solo,
                RingPhase.COMMIT,
                DropReason.OTHER_RING,
                new CommitToken(origin(1), ring(1, 9000), 4, ids(1), List.of(entry(1, old, 0, 0, false))));
    }

    @Test
    void theCommitTokenIsSentAgainUnchanged() {
        CommitToken passed = solo.unicasts(CommitToken.class).get(0);
        solo.clear();

        solo.pass(TOKEN.minus(MOMENT));

        assertThat(solo.unicasts(CommitToken.class)).hasSizeBetween(4, 20).containsOnly(passed);
        assertThat(solo.multicasts(Join.class)).isEmpty();
    }

    @Test
    void theLossOfTheTokenEndsTheAttempt() {
        solo.pass(TOKEN.minus(MOMENT));
        assertThat(solo.phase()).isEqualTo(RingPhase.COMMIT);
        solo.clear();

        solo.pass(MOMENT);

        assertGathering(solo, GatherReason.TOKEN_LOST_IN_COMMIT);
    }

    @Test
    void aLeaveOfAMemberEndsTheAttempt() {
        assertGathers(solo, GatherReason.JOIN_IN_COMMIT, new Leave(origin(3), ids(1, 2), ids(3), old.seq()));

        assertThat(lastJoin(solo).fail()).isEqualTo(ids(3));
    }

    @Test
    void whatIsSubmittedWaits() {
        solo.clear();
        solo.send("later", Guarantee.AGREED);

        assertThat(solo.effects).isEmpty();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.paper;

import static dev.totem.core.internal.paper.Crafted.entry;
import static dev.totem.core.internal.paper.Crafted.id;
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
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.GatherReason;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.settings.NodeSettings;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The transition table of {@code PROTOCOL.md} 3.3 in Operational, row by row; node 2 in a ring of 1, 2 and 3 unless said otherwise. */
class OperationalTransitionsTest {

    private final SoloMachine solo = SoloMachine.inRing(2, 1, 2, 3);
    private final RingId ring = solo.ring();

    @Test
    void aValidTokenIsPassedOn() {
        RegularToken token = solo.nextToken().token();

        solo.receive(token);

        assertThat(solo.phase()).isEqualTo(RingPhase.OPERATIONAL);
        assertThat(solo.effects).hasSize(1);
        assertThat(((Effect.Unicast) solo.effects.get(0)).to()).isEqualTo(id(3));
        assertThat(solo.lastPassed().tokenSeq()).isEqualTo(token.tokenSeq() + 1);
    }

    @Test
    void aTokenOfAnotherRingIsDroppedAndDoesNotPutOffItsLoss() {
        solo.pass(TOKEN.minus(MOMENT));
        assertStays(
                solo,
                RingPhase.OPERATIONAL,
                DropReason.OTHER_RING,
                token(FOREIGN).hop(10_000).token());

        solo.pass(MOMENT);

        assertGathering(solo, GatherReason.TOKEN_LOST_IN_OPERATIONAL);
    }

    @Test
    @Tag("P18")
    void aDuplicateTokenIsDroppedAndDoesNotPutOffItsLoss() {
        RegularToken token = solo.nextToken().token();
        solo.receive(token);
        solo.pass(TOKEN.minus(MOMENT));
        assertStays(solo, RingPhase.OPERATIONAL, DropReason.DUPLICATE_TOKEN, token);

        solo.pass(MOMENT);

        assertGathering(solo, GatherReason.TOKEN_LOST_IN_OPERATIONAL);
    }

    @Test
    void aTokenOfAnotherLifeOfAMemberIsDropped() {
        assertStays(
                solo,
                RingPhase.OPERATIONAL,
                DropReason.OTHER_INCARNATION,
                solo.nextToken().from(origin(1, 7)).token());
    }

    @Test
    void anOrdinaryMessageIsStoredAndDelivered() {
        solo.receive(message(3, ring, 1));

        assertThat(solo.texts()).containsExactly("m1");
        assertThat(solo.turn(next -> next.seq(1).aru(1, 0)).aru()).isEqualTo(1);
    }

    @Test
    void aMessageThatIsHeldIsDropped() {
        solo.receive(message(3, ring, 1));

        assertStays(solo, RingPhase.OPERATIONAL, DropReason.DUPLICATE_MESSAGE, message(3, ring, 1));
    }

    @Test
    void aMessageOutOfRangeIsDropped() {
        int frames = NodeSettings.defaults().flow().storeFrames();

        assertStays(solo, RingPhase.OPERATIONAL, DropReason.OUT_OF_RANGE, message(3, ring, frames + 1L));
    }

    @Test
    void aMessageOfAnotherLifeOfAMemberIsDropped() {
        RegularMessage message = new RegularMessage(origin(3, 7), ring, 1, Guarantee.AGREED, Crafted.packet("ghost"));

        assertStays(solo, RingPhase.OPERATIONAL, DropReason.OTHER_INCARNATION, message);
    }

    @Test
    void aLateRecoveryCopyIsNeverDelivered() {
        solo.receive(new RecoveredMessage(origin(3), ring, 1, message(3, ring(3, 4), 1)));

        assertThat(solo.phase()).isEqualTo(RingPhase.OPERATIONAL);
        assertThat(solo.texts()).isEmpty();
    }

    @Test
    void aMessageOfAnotherRingMakesItGatherWithTheSender() {
        assertGathers(solo, GatherReason.FOREIGN_MESSAGE_IN_OPERATIONAL, message(9, FOREIGN, 1));

        assertThat(lastJoin(solo)).isEqualTo(join(2, ids(1, 2, 3, 9), ids(), solo.ringSeq));
    }

    @Test
    void aRecoveryMessageOfAnotherRingMakesItGather() {
        assertGathers(
                solo,
                GatherReason.FOREIGN_MESSAGE_IN_OPERATIONAL,
                new RecoveredMessage(origin(9), FOREIGN, 1, message(9, ring(9, 1), 1)));
    }

    @Test
    @Tag("P32")
    void aMembersMessageOnAnEarlierRingIsStale() { // D9
        assertStays(solo, RingPhase.OPERATIONAL, DropReason.STALE, message(3, ring(3, ring.seq() - 4), 1));
    }

    @Test
    void aMembersMessageOnALaterRingIsForeign() {
        assertGathers(solo, GatherReason.FOREIGN_MESSAGE_IN_OPERATIONAL, message(3, ring(3, ring.seq() + 4), 1));
    }

    @Test
    void mergeDetectOfItsOwnRingMeansNothing() {
        solo.receive(new MergeDetect(origin(1), ring));

        assertThat(solo.phase()).isEqualTo(RingPhase.OPERATIONAL);
        assertThat(solo.effects).isEmpty();
    }

    @Test
    void mergeDetectOfAnotherRingMakesItGather() {
        assertGathers(solo, GatherReason.MERGE_DETECT_IN_OPERATIONAL, new MergeDetect(origin(9), FOREIGN));
    }

    @Test
    void aMembersMergeDetectOfAnEarlierRingIsStale() {
        assertStays(solo, RingPhase.OPERATIONAL, DropReason.STALE, new MergeDetect(origin(3), ring(3, ring.seq() - 4)));
    }

    @Test
    void aJoinThatGivesUpOnThisProcessorIsDropped() {
        assertStays(solo, RingPhase.OPERATIONAL, DropReason.FAILED_SENDER, join(1, ids(1, 2, 3), ids(2), ring.seq()));
    }

    @Test
    void aMembersJoinFromBeforeThisRingIsDropped() {
        assertStays(solo, RingPhase.OPERATIONAL, DropReason.STALE, join(1, ids(1, 2, 3), ids(), ring.seq() - 1));
    }

    @Test
    @Tag("P10")
    void anEqualJoinMakesItGather() { // PROTOCOL.md 3.4
        assertGathers(solo, GatherReason.JOIN_IN_OPERATIONAL, join(1, ids(1, 2, 3), ids(), ring.seq()));
    }

    @Test
    @Tag("P10")
    void aJoinThatKnowsLessMakesItGather() {
        assertGathers(solo, GatherReason.JOIN_IN_OPERATIONAL, join(1, ids(1), ids(), ring.seq()));

        assertThat(lastJoin(solo)).isEqualTo(join(2, ids(1, 2, 3), ids(), ring.seq()));
    }

    @Test
    void aJoinOfAStrangerMakesItGatherWithTheStranger() {
        assertGathers(solo, GatherReason.JOIN_CHANGED_SETS, join(9, ids(9), ids(), 4));

        assertThat(lastJoin(solo)).isEqualTo(join(2, ids(1, 2, 3, 9), ids(), ring.seq()));
    }

    @Test
    void aJoinOfANewLifeOfAMemberMakesItGatherWhateverItsNumber() { // 8
        assertGathers(solo, GatherReason.JOIN_IN_OPERATIONAL, new Join(origin(3, 2), ids(3), ids(), 0, 0));
    }

    @Test
    void aLeaveMakesItGatherWithoutTheSender() {
        assertGathers(solo, GatherReason.JOIN_CHANGED_SETS, new Leave(origin(3), ids(1, 2), ids(3), ring.seq()));

        assertThat(lastJoin(solo)).isEqualTo(join(2, ids(1, 2, 3), ids(3), ring.seq()));
    }

    @Test
    void aStrangersLeaveIsDropped() {
        assertStays(solo, RingPhase.OPERATIONAL, DropReason.STALE, new Leave(origin(9), ids(), ids(9), 4));
    }

    @Test
    void everyJoinIsHeardForItsNumber() { // J0
        SoloMachine representative = SoloMachine.inRing(1, 1, 2, 3);
        representative.receive(join(2, ids(1, 2, 3), ids(1), 4000));
        representative.pass(TOKEN);
        representative.meet(ids(1, 2, 3), List.of());

        assertThat(representative.ring()).isEqualTo(ring(1, 4004));
    }

    @Test
    void aCommitTokenIsDropped() {
        assertStays(
                solo,
                RingPhase.OPERATIONAL,
                DropReason.WRONG_STATE,
                new CommitToken(origin(1), ring(1, 400), 1, ids(1, 2, 3), List.of(entry(1, ring, 0, 0, false))));
    }

    @Test
    void aHoldCancelOfAnotherRingIsDropped() {
        assertStays(solo, RingPhase.OPERATIONAL, DropReason.OTHER_RING, new HoldCancel(origin(9), FOREIGN));
    }

    @Test
    void theLossOfTheTokenMakesItGather() {
        solo.turn();
        solo.pass(TOKEN.minus(MOMENT));
        assertThat(solo.phase()).isEqualTo(RingPhase.OPERATIONAL);
        solo.clear();

        solo.pass(MOMENT);

        assertGathering(solo, GatherReason.TOKEN_LOST_IN_OPERATIONAL);
        assertThat(lastJoin(solo)).isEqualTo(join(2, ids(1, 2, 3), ids(), ring.seq()));
    }

    @Test
    void everyAcceptedTokenPutsOffItsLoss() {
        for (int turn = 0; turn < 5; turn++) {
            solo.pass(TOKEN.minus(MOMENT));
            solo.turn();
        }

        assertThat(solo.phase()).isEqualTo(RingPhase.OPERATIONAL);
    }

    @Test
    void theTokenIsSentAgainUnchangedToASilentSuccessor() {
        RegularToken passed = solo.turn();
        solo.clear();

        solo.pass(TOKEN.minus(MOMENT));

        List<RegularToken> copies = solo.unicasts(RegularToken.class);
        assertThat(copies).hasSizeBetween(4, 20);
        assertThat(copies).containsOnly(passed);
    }

    @Test
    void aMessageAboveTheTokensSeqIsEvidenceThatItArrived() { // the paper; not D14
        solo.turn();
        solo.receive(message(3, ring, 1));
        solo.clear();

        solo.pass(TOKEN.minus(MOMENT));

        assertThat(solo.unicasts(RegularToken.class)).isEmpty();
    }

    @Test
    void aMessageBelowTheTokensSeqIsNoEvidence() {
        solo.turn(next -> next.seq(1).aru(0, 3));
        solo.receive(message(3, ring, 1));
        solo.clear();

        solo.pass(TOKEN.minus(MOMENT));

        assertThat(solo.unicasts(RegularToken.class)).isNotEmpty();
    }

    @Test
    void leavingSaysFarewell() {
        solo.step(new Input.Leave());

        assertThat(solo.phase()).isEqualTo(RingPhase.STOPPED);
        assertThat(solo.multicasts(Leave.class)).containsExactly(new Leave(origin(2), ids(1, 3), ids(2), ring.seq()));
        assertThat(solo.machine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void afterItHasLeftNothingMeansAnything() {
        solo.step(new Input.Leave());
        solo.clear();

        solo.receive(solo.nextToken().token());
        solo.receive(join(1, ids(1, 2, 3), ids(), ring.seq()));
        solo.receive(message(1, ring, 1));
        solo.receive(message(9, FOREIGN, 1));
        solo.receive(new MergeDetect(origin(9), FOREIGN));
        solo.step(new Input.Submitted());

        assertThat(solo.effects).isEmpty();
        assertThat(solo.phase()).isEqualTo(RingPhase.STOPPED);
    }
}

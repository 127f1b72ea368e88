/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.paper;

import static dev.totem.core.paper.Crafted.entry;
import static dev.totem.core.paper.Crafted.id;
import static dev.totem.core.paper.Crafted.ids;
import static dev.totem.core.paper.Crafted.join;
import static dev.totem.core.paper.Crafted.message;
import static dev.totem.core.paper.Crafted.origin;
import static dev.totem.core.paper.Crafted.ring;
import static dev.totem.core.paper.Crafted.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.TotemConfig;
import dev.totem.core.message.CommitEntry;
import dev.totem.core.message.CommitToken;
import dev.totem.core.message.HoldCancel;
import dev.totem.core.message.Join;
import dev.totem.core.message.Leave;
import dev.totem.core.message.MergeDetect;
import dev.totem.core.message.Origin;
import dev.totem.core.message.ProtocolMessage;
import dev.totem.core.message.RecoveredMessage;
import dev.totem.core.message.RegularMessage;
import dev.totem.core.message.RegularToken;
import dev.totem.core.protocol.DropReason;
import dev.totem.core.protocol.Effect;
import dev.totem.core.protocol.GatherReason;
import dev.totem.core.protocol.Input;
import dev.totem.core.protocol.RingPhase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The transition tables of {@code protocol.md} 3.3, row by row; node 2 in a ring of 1, 2 and 3 unless said otherwise. */
class MembershipPaperTest {

    private static final Duration TOKEN = TotemConfig.defaults().timing().token();
    private static final Duration CONSENSUS = TotemConfig.defaults().timing().consensus();
    private static final Duration JOIN = TotemConfig.defaults().timing().join();
    private static final RingId FOREIGN = ring(9, 4);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private static void assertStays(SoloMachine solo, RingPhase phase, DropReason reason, ProtocolMessage message) {
        solo.clear();

        solo.receive(message);

        assertThat(solo.phase()).isEqualTo(phase);
        assertThat(solo.drops).containsExactly(reason);
        assertThat(solo.effects).isEmpty();
    }

    private static void assertGathers(SoloMachine solo, GatherReason reason, ProtocolMessage message) {
        solo.clear();

        solo.receive(message);

        assertGathering(solo, reason);
    }

    private static void assertGathering(SoloMachine solo, GatherReason reason) {
        assertThat(solo.phase()).isEqualTo(RingPhase.GATHER);
        assertThat(solo.entered).startsWith(reason.name());
        assertThat(solo.multicasts(Join.class)).as("announces itself").hasSize(1);
    }

    /** What it proposed last. */
    private static Join lastJoin(SoloMachine solo) {
        List<Join> joins = solo.multicasts(Join.class);
        Join last = joins.get(joins.size() - 1);
        return new Join(last.origin(), last.proc(), last.fail(), last.ringSeq(), last.rotations());
    }

    @Nested
    class Operational {

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
            int frames = TotemConfig.defaults().flow().storeFrames();

            assertStays(solo, RingPhase.OPERATIONAL, DropReason.OUT_OF_RANGE, message(3, ring, frames + 1L));
        }

        @Test
        void aMessageOfAnotherLifeOfAMemberIsDropped() {
            RegularMessage message =
                    new RegularMessage(origin(3, 7), ring, 1, Guarantee.AGREED, Crafted.packet("ghost"));

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
            assertStays(
                    solo, RingPhase.OPERATIONAL, DropReason.STALE, new MergeDetect(origin(3), ring(3, ring.seq() - 4)));
        }

        @Test
        void aJoinThatGivesUpOnThisProcessorIsDropped() {
            assertStays(
                    solo, RingPhase.OPERATIONAL, DropReason.FAILED_SENDER, join(1, ids(1, 2, 3), ids(2), ring.seq()));
        }

        @Test
        void aMembersJoinFromBeforeThisRingIsDropped() {
            assertStays(solo, RingPhase.OPERATIONAL, DropReason.STALE, join(1, ids(1, 2, 3), ids(), ring.seq() - 1));
        }

        @Test
        @Tag("P10")
        void anEqualJoinMakesItGather() { // 3.4
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
            assertThat(solo.multicasts(Leave.class))
                    .containsExactly(new Leave(origin(2), ids(1, 3), ids(2), ring.seq()));
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

    @Nested
    class Gather {

        private final SoloMachine solo = SoloMachine.inRing(2, 1, 2, 3);
        private final RingId ring = solo.ring();

        Gather() {
            solo.turn();
            solo.pass(TOKEN);
            assertThat(solo.phase()).isEqualTo(RingPhase.GATHER);
            solo.clear();
        }

        @Test
        @Tag("P4")
        @Tag("P44")
        void aRegularTokenIsDropped() {
            assertStays(
                    solo,
                    RingPhase.GATHER,
                    DropReason.WRONG_STATE,
                    solo.nextToken().token());
        }

        @Test
        void aMessageOfTheOldRingRaisesTheReportedAruAndIsNotDelivered() {
            solo.receive(message(3, ring, 1));

            assertThat(solo.phase()).isEqualTo(RingPhase.GATHER);
            assertThat(solo.effects).isEmpty();
            solo.meet(ids(1, 2, 3), List.of());
            solo.commit(solo.alone());
            assertThat(solo.ownEntry()).isEqualTo(entry(2, ring, 1, 0, false));
        }

        @Test
        void aMessageOfAnotherRingFromACandidateMeansNothing() {
            solo.receive(message(3, ring(3, ring.seq() + 4), 1));
            solo.receive(new RecoveredMessage(origin(3), ring(3, ring.seq() + 4), 1, message(3, ring, 1)));
            solo.receive(new MergeDetect(origin(3), ring(3, ring.seq() + 4)));

            assertThat(solo.effects).isEmpty();
        }

        @Test
        void aMessageOfAStrangerAddsItToTheCandidates() {
            assertGathers(solo, GatherReason.FOREIGN_MESSAGE_IN_GATHER, message(9, FOREIGN, 1));

            assertThat(lastJoin(solo).proc()).isEqualTo(ids(1, 2, 3, 9));
        }

        @Test
        void mergeDetectOfAStrangerAddsItToTheCandidates() {
            assertGathers(solo, GatherReason.MERGE_DETECT_IN_GATHER, new MergeDetect(origin(9), FOREIGN));

            assertThat(lastJoin(solo).proc()).isEqualTo(ids(1, 2, 3, 9));
        }

        @Test
        void aFailedCandidateIsNotAddedAgain() {
            solo.pass(CONSENSUS);
            solo.clear();

            solo.receive(message(3, ring(3, ring.seq() + 4), 1));

            assertThat(solo.effects).isEmpty();
        }

        @Test
        void aJoinThatChangesTheSetsIsAnsweredAtOnce() {
            assertGathers(solo, GatherReason.JOIN_CHANGED_SETS, join(9, ids(9), ids(), 4));

            assertThat(lastJoin(solo).proc()).isEqualTo(ids(1, 2, 3, 9));
        }

        @Test
        void aJoinFromBeforeTheOldRingIsStale() {
            assertStays(solo, RingPhase.GATHER, DropReason.STALE, join(1, ids(1, 2, 3), ids(3), ring.seq() - 1));
        }

        @Test
        void aJoinOfAnEarlierLifeOfAMemberIsStale() {
            assertStays(
                    solo,
                    RingPhase.GATHER,
                    DropReason.STALE,
                    new Join(new Origin(id(1), 0), ids(1, 2, 3), ids(3), ring.seq() + 100, 0));
        }

        @Test
        void aJoinOfACandidateThatFailedIsDropped() { // J3
            solo.receive(join(1, ids(1, 2, 3), ids(3), ring.seq()));

            assertStays(solo, RingPhase.GATHER, DropReason.FAILED_SENDER, join(3, ids(1, 2, 3, 7), ids(), ring.seq()));
        }

        @Test
        void consensusMakesTheLowestPropose() {
            SoloMachine first = SoloMachine.inRing(1, 1, 2, 3);
            first.turn();
            first.pass(TOKEN);
            first.receive(join(2, ids(1, 2, 3), ids(), first.ringSeq));
            assertThat(first.phase()).isEqualTo(RingPhase.GATHER);
            first.clear();

            first.receive(join(3, ids(1, 2, 3), ids(), first.ringSeq));

            assertThat(first.phase()).isEqualTo(RingPhase.COMMIT);
            RingId proposed = ring(1, first.ringSeq);
            assertThat(first.effects.get(0)).as("first of all").isEqualTo(new Effect.Persist(proposed.seq()));
            assertThat(first.unicasts(CommitToken.class))
                    .containsExactly(new CommitToken(
                            origin(1), proposed, 1, ids(1, 2, 3), List.of(entry(1, first.ring(), 0, 0, false))));
        }

        @Test
        void consensusMakesTheOthersWait() {
            solo.meet(ids(1, 2, 3), List.of());

            assertThat(solo.phase()).isEqualTo(RingPhase.GATHER);
            assertThat(solo.unicasts(CommitToken.class)).isEmpty();
        }

        @Test
        @Tag("P22")
        void aLeaveIsNoConsent() { // 2.5
            SoloMachine first = SoloMachine.inRing(1, 1, 2, 3);
            first.turn();
            first.pass(TOKEN);
            first.receive(join(2, ids(1, 2, 3), ids(3), first.ringSeq));

            assertThat(first.phase()).isEqualTo(RingPhase.COMMIT);
            SoloMachine again = SoloMachine.inRing(1, 1, 2, 3);
            again.turn();
            again.pass(TOKEN);
            again.receive(new Leave(origin(2), ids(1, 3), ids(2), again.ringSeq));
            assertThat(again.phase()).isEqualTo(RingPhase.GATHER);
            assertThat(lastJoin(again).fail()).isEqualTo(ids(2));
        }

        @Test
        void aCommitTokenOfTheAgreedMembershipIsFilledAndPassedOn() {
            solo.meet(ids(1, 2, 3), List.of());
            solo.clear();

            solo.commit(solo.alone());

            assertThat(solo.effects.get(0)).as("first of all").isEqualTo(new Effect.Persist(ring.seq() + 4));
            CommitToken passed = solo.unicasts(CommitToken.class).get(0);
            assertThat(passed.tokenSeq()).isEqualTo(2);
            assertThat(passed.origin()).isEqualTo(origin(2));
            assertThat(passed.entries()).hasSize(2);
            assertThat(passed.entries().get(1)).isEqualTo(entry(2, ring, 0, 0, false));
        }

        private CommitToken commitToken(RingId proposed, List<NodeId> members) {
            return new CommitToken(origin(1), proposed, 1, members, List.of(entry(1, ring, 0, 0, false)));
        }

        @Test
        @Tag("P5")
        void aCommitTokenOfAnAbandonedAttemptIsDropped() {
            assertStays(solo, RingPhase.GATHER, DropReason.STALE, commitToken(ring, ids(1, 2, 3)));
        }

        @Test
        void aCommitTokenOfAnotherMembershipIsDropped() {
            assertStays(
                    solo,
                    RingPhase.GATHER,
                    DropReason.OTHER_MEMBERSHIP,
                    commitToken(ring(1, ring.seq() + 4), ids(1, 2)));
        }

        @Test
        void aCommitTokenThatIsNotForThisPlaceInTheRingIsDropped() {
            solo.meet(ids(1, 2, 3), List.of());

            assertStays(
                    solo,
                    RingPhase.GATHER,
                    DropReason.OTHER_MEMBERSHIP,
                    new CommitToken(
                            origin(1),
                            ring(1, ring.seq() + 4),
                            3,
                            ids(1, 2, 3),
                            List.of(
                                    entry(1, ring, 0, 0, false),
                                    entry(2, ring, 0, 0, false),
                                    entry(3, ring, 0, 0, false))));
        }

        @Test
        void aCommitTokenWithAnotherLifeOfACandidateIsDropped() { // 8
            solo.meet(ids(1, 2, 3), List.of());
            CommitEntry other = new CommitEntry(origin(1, 9), ring, 0, 0, false);

            assertStays(
                    solo,
                    RingPhase.GATHER,
                    DropReason.OTHER_INCARNATION,
                    new CommitToken(origin(1), ring(1, ring.seq() + 4), 1, ids(1, 2, 3), List.of(other)));
        }

        @Test
        void theJoinIsRepeatedEveryPeriod() {
            Join announced = join(2, ids(1, 2, 3), ids(), ring.seq());

            solo.pass(JOIN.multipliedBy(5));

            assertThat(solo.multicasts(Join.class)).hasSize(5).containsOnly(announced);
        }

        @Test
        void whoIsSilentUntilTheConsensusTimeoutIsGivenUpOn() {
            solo.receive(join(1, ids(1, 2, 3), ids(), ring.seq()));
            solo.pass(CONSENSUS.minus(MOMENT));
            assertThat(lastJoin(solo).fail()).isEmpty();

            solo.pass(MOMENT);

            assertThat(solo.entered).startsWith(GatherReason.CONSENSUS_TIMEOUT.name());
            assertThat(lastJoin(solo)).isEqualTo(join(2, ids(1, 2, 3), ids(3), ring.seq()));
        }

        @Test
        void withConsensusTheCommitTokenHasATokenTimeoutToCome() {
            solo.meet(ids(1, 2, 3), List.of());
            solo.pass(CONSENSUS);
            assertThat(solo.phase()).isEqualTo(RingPhase.GATHER);
            assertThat(lastJoin(solo).fail()).isEmpty();

            solo.pass(TOKEN.minus(MOMENT));
            assertThat(lastJoin(solo).fail()).isEmpty();
            solo.pass(MOMENT);

            assertThat(solo.entered).startsWith(GatherReason.TOKEN_LOST_IN_GATHER.name());
            assertThat(lastJoin(solo).fail()).isEqualTo(ids(1, 3));
        }

        @Test
        void whoStillAgreesWhenTheCommitTokenIsLostIsNotGivenUpOn() {
            solo.meet(ids(1, 2, 3), List.of());
            solo.pass(CONSENSUS);
            solo.receive(join(3, ids(1, 2, 3), ids(), ring.seq()));

            solo.pass(TOKEN);

            assertThat(lastJoin(solo).fail()).isEqualTo(ids(1));
        }

        @Test
        void withNobodyLeftItFormsARingOfItsOwn() {
            solo.pass(CONSENSUS.plus(JOIN));

            assertThat(solo.phase()).isEqualTo(RingPhase.COMMIT);
            assertThat(solo.unicasts(CommitToken.class).get(0).members()).isEqualTo(ids(2));
        }

        @Test
        void tokensAreNotSentAgain() {
            solo.pass(TOKEN);

            assertThat(solo.unicasts(ProtocolMessage.class)).isEmpty();
        }

        @Test
        void aHoldCancelIsDropped() {
            assertStays(solo, RingPhase.GATHER, DropReason.WRONG_STATE, new HoldCancel(origin(1), ring));
        }

        @Test
        void whatIsSubmittedWaits() {
            solo.send("later", Guarantee.AGREED);

            assertThat(solo.effects).isEmpty();
            assertThat(solo.queue).hasSize(1);
        }

        @Test
        void leavingSaysFarewellWithThePresentSets() {
            solo.receive(join(1, ids(1, 2, 3), ids(3), ring.seq()));
            solo.clear();

            solo.step(new Input.Leave());

            assertThat(solo.multicasts(Leave.class))
                    .containsExactly(new Leave(origin(2), ids(1, 3), ids(2, 3), ring.seq()));
        }
    }

    @Nested
    class Commit {

        private final SoloMachine solo = SoloMachine.inRing(2, 1, 2, 3);
        private final RingId old = solo.ring();

        Commit() {
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
            solo.clear();
            CommitToken complete = solo.commitToken(
                    4, List.of(entry(1, old, 0, 0, false), entry(2, old, 0, 0, false), entry(3, old, 0, 0, false)));

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

    @Nested
    class Recovery {

        private final SoloMachine solo = SoloMachine.inRing(2, 1, 2, 3);
        private final RingId old = solo.ring();

        Recovery() {
            solo.turn();
            solo.pass(TOKEN);
            solo.meet(ids(1, 2, 3), List.of());
            solo.commit(others());
            solo.recover(others());
        }

        private List<CommitEntry> others() {
            return List.of(entry(1, old, 0, 0, false), entry(3, old, 0, 0, false));
        }

        @Test
        void aValidTokenIsPassedOn() {
            solo.turn();

            assertThat(solo.phase()).isEqualTo(RingPhase.RECOVERY);
            assertThat(solo.lastPassed().tokenSeq()).isEqualTo(2);
        }

        @Test
        void aTokenOfTheOldRingOrACopyIsDropped() {
            assertStays(
                    solo,
                    RingPhase.RECOVERY,
                    DropReason.OTHER_RING,
                    token(old).hop(9000).token());
            RegularToken token = solo.nextToken().token();
            solo.receive(token);
            assertStays(solo, RingPhase.RECOVERY, DropReason.DUPLICATE_TOKEN, token);
        }

        @Test
        void aTokenOfAnotherLifeOfAMemberIsDropped() {
            assertStays(
                    solo,
                    RingPhase.RECOVERY,
                    DropReason.OTHER_INCARNATION,
                    solo.nextToken().from(origin(1, 7)).token());
        }

        @Test
        void aRecoveryMessageCountsForTheAru() {
            solo.receive(new RecoveredMessage(origin(1), solo.ring(), 1, message(3, old, 1)));

            RegularToken passed = solo.turn(next -> next.seq(2).aru(2, 0));

            assertThat(passed.aru()).isEqualTo(1);
            assertThat(passed.aruOwner()).contains(id(2));
            assertThat(solo.texts()).isEmpty();
        }

        @Test
        void anEarlyMessageOfTheNewRingIsDeliveredInTheNewConfiguration() {
            solo.turn();
            solo.turn();
            solo.turn();
            solo.receive(message(1, solo.ring(), 1));
            assertThat(solo.texts()).isEmpty();

            solo.turn(next -> next.seq(1));

            assertThat(solo.phase()).isEqualTo(RingPhase.OPERATIONAL);
            assertThat(solo.log.get(solo.log.size() - 1)).isEqualTo("m1");
        }

        @Test
        void messagesOfOtherRingsAreDropped() {
            assertStays(solo, RingPhase.RECOVERY, DropReason.OTHER_RING, message(3, old, 1));
            assertStays(solo, RingPhase.RECOVERY, DropReason.OTHER_RING, message(9, FOREIGN, 1));
            assertStays(
                    solo,
                    RingPhase.RECOVERY,
                    DropReason.OTHER_RING,
                    new RecoveredMessage(origin(3), FOREIGN, 1, message(3, old, 1)));
        }

        @Test
        void mergeDetectAndHoldCancelAreDropped() {
            assertStays(solo, RingPhase.RECOVERY, DropReason.WRONG_STATE, new MergeDetect(origin(9), FOREIGN));
            assertStays(solo, RingPhase.RECOVERY, DropReason.WRONG_STATE, new HoldCancel(origin(1), solo.ring()));
        }

        @Test
        void aMembersJoinWithTheNumberOfThisRingEndsTheAttempt() {
            assertGathers(
                    solo,
                    GatherReason.JOIN_IN_RECOVERY,
                    join(3, ids(1, 2, 3), ids(), solo.ring().seq()));
        }

        @Test
        void otherJoinsAreDropped() {
            assertStays(solo, RingPhase.RECOVERY, DropReason.STALE, join(3, ids(1, 2, 3), ids(), old.seq()));
            assertStays(solo, RingPhase.RECOVERY, DropReason.STALE, join(9, ids(9), ids(), 5000));
        }

        @Test
        void aLeaveOfAMemberEndsTheAttempt() {
            assertGathers(
                    solo,
                    GatherReason.JOIN_IN_RECOVERY,
                    new Leave(origin(3), ids(1, 2), ids(3), solo.ring().seq()));
        }

        @Test
        void aCommitTokenIsDropped() {
            assertStays(
                    solo, RingPhase.RECOVERY, DropReason.DUPLICATE_TOKEN, solo.commitToken(4, solo.table(others())));
        }

        @Test
        void theLossOfTheTokenEndsTheAttempt() {
            solo.turn();
            solo.pass(TOKEN.minus(MOMENT));
            assertThat(solo.phase()).isEqualTo(RingPhase.RECOVERY);
            solo.clear();

            solo.pass(MOMENT);

            assertGathering(solo, GatherReason.TOKEN_LOST_IN_RECOVERY);
            assertThat(lastJoin(solo).ringSeq()).as("the number is used").isEqualTo(old.seq() + 4);
        }

        @Test
        void theLastTokenIsSentAgainWhicheverItWas() {
            CommitToken commit = solo.unicasts(CommitToken.class).get(1);
            solo.clear();
            solo.pass(TOKEN.dividedBy(2));
            assertThat(solo.unicasts(CommitToken.class)).isNotEmpty().containsOnly(commit);
            RegularToken passed = solo.turn();
            solo.clear();

            solo.pass(TOKEN.dividedBy(2));

            assertThat(solo.unicasts(CommitToken.class)).isEmpty();
            assertThat(solo.unicasts(RegularToken.class)).isNotEmpty().containsOnly(passed);
        }

        @Test
        void whoFailsToReceiveIsGivenUpOn() { // 3.9
            for (int visit = 0; visit < 3000 && solo.phase() == RingPhase.RECOVERY; visit++) {
                solo.pass(Duration.ofMillis(1));
                solo.clear();
                solo.receive(solo.nextToken().seq(5).aru(0, 3).flag(true).token());
                for (long seq = 1; seq <= 5; seq++) {
                    solo.receive(new RecoveredMessage(origin(1), solo.ring(), seq, message(1, old, seq)));
                }
            }

            assertThat(solo.entered).startsWith(GatherReason.FAILED_TO_RECEIVE.name());
            assertThat(solo.multicasts(Join.class).get(0).fail()).isEqualTo(ids(3));
        }

        @Test
        void whatIsSubmittedWaitsForTheNewRing() {
            solo.send("later", Guarantee.AGREED);
            solo.clear();

            solo.install();
            assertThat(solo.multicasts(RegularMessage.class)).isEmpty();
            solo.turn();

            assertThat(solo.multicasts(RegularMessage.class)).hasSize(1);
            assertThat(solo.multicasts(RegularMessage.class).get(0).ring()).isEqualTo(solo.ring());
        }
    }

    @Nested
    class TheRepresentativeInRecovery {

        private final SoloMachine solo = SoloMachine.inRing(1, 1, 2, 3);
        private final RingId old = solo.ring();

        TheRepresentativeInRecovery() {
            solo.turn();
            solo.pass(TOKEN);
            solo.meet(ids(1, 2, 3), List.of());
            solo.commit(others());
            solo.receive(solo.commitToken(3, solo.table(others())));
            assertThat(solo.phase()).isEqualTo(RingPhase.RECOVERY);
            solo.clear();
        }

        private List<CommitEntry> others() {
            return List.of(entry(2, old, 0, 0, false), entry(3, old, 0, 0, false));
        }

        private CommitToken commitToken(int tokenSeq) {
            return solo.commitToken(
                    tokenSeq,
                    List.of(entry(1, old, 0, 0, false), entry(2, old, 0, 0, false), entry(3, old, 0, 0, false)));
        }

        @Test
        void theSecondReturnOfTheCommitTokenStartsTheRing() {
            solo.receive(commitToken(6));

            assertThat(solo.unicasts(RegularToken.class))
                    .containsExactly(RegularToken.first(origin(1), solo.ring(), false));
        }

        @Test
        @Tag("P30")
        void theRingIsStartedOnce() {
            solo.receive(commitToken(6));

            assertStays(solo, RingPhase.RECOVERY, DropReason.DUPLICATE_TOKEN, commitToken(6));
        }

        @Test
        @Tag("P31")
        void aCopyOfTheFirstReturnDoesNotStartTheRing() {
            assertStays(solo, RingPhase.RECOVERY, DropReason.DUPLICATE_TOKEN, commitToken(3));
        }

        @Test
        void theFirstTokenSaysThatThereIsSomethingToRecover() { // 3.6 step 5
            SoloMachine holder = SoloMachine.inRing(1, 1, 2, 3);
            holder.receive(message(2, holder.ring(), 1));
            RingId left = holder.ring();
            holder.pass(TOKEN);
            holder.meet(ids(1, 2, 3), List.of());
            holder.commit(List.of());
            holder.recover(List.of(entry(2, left, 1, 1, false), entry(3, left, 0, 0, false)));

            assertThat(holder.lastPassed()).isEqualTo(RegularToken.first(origin(1), holder.ring(), true));
        }
    }
}

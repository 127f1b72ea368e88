/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.paper;

import static dev.totem.core.internal.paper.Crafted.entry;
import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.join;
import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.MembershipAsserts.CONSENSUS;
import static dev.totem.core.internal.paper.MembershipAsserts.FOREIGN;
import static dev.totem.core.internal.paper.MembershipAsserts.JOIN;
import static dev.totem.core.internal.paper.MembershipAsserts.MOMENT;
import static dev.totem.core.internal.paper.MembershipAsserts.TOKEN;
import static dev.totem.core.internal.paper.MembershipAsserts.assertGathers;
import static dev.totem.core.internal.paper.MembershipAsserts.assertStays;
import static dev.totem.core.internal.paper.MembershipAsserts.lastJoin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.GatherReason;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingPhase;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The transition table of {@code PROTOCOL.md} 3.3 in Gather, row by row; node 2 in a ring of 1, 2 and 3 unless said otherwise. */
class GatherTransitionsTest {

    private final SoloMachine solo = SoloMachine.inRing(2, 1, 2, 3);
    private final RingId ring = solo.ring();

    GatherTransitionsTest() {
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
                solo, RingPhase.GATHER, DropReason.WRONG_STATE, solo.nextToken().token());
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
    void aLeaveIsNoConsent() { // PROTOCOL.md 2.5
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
                solo, RingPhase.GATHER, DropReason.OTHER_MEMBERSHIP, commitToken(ring(1, ring.seq() + 4), ids(1, 2)));
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

        assertThat(solo.multicasts(Join.class))
                .hasSize(5)
                .extracting(MembershipAsserts::asInThePapers)
                .containsOnly(announced);
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

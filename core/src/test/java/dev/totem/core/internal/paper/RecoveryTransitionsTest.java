/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.paper;

import static dev.totem.core.internal.paper.Crafted.entry;
import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.join;
import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.origin;
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
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.GatherReason;
import dev.totem.core.internal.protocol.RingPhase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The transition table of {@code PROTOCOL.md} 3.3 in Recovery, row by row; node 2 in a ring of 1, 2 and 3 unless said otherwise. */
class RecoveryTransitionsTest {

    private final SoloMachine solo = SoloMachine.inRing(2, 1, 2, 3);
    private final RingId old = solo.ring();

    RecoveryTransitionsTest() {
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
        assertStays(solo, RingPhase.RECOVERY, DropReason.DUPLICATE_TOKEN, solo.commitToken(4, solo.table(others())));
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
    void whoFailsToReceiveIsGivenUpOn() { // PROTOCOL.md 3.9
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

    @Nested
    class AsRepresentative {

        private final SoloMachine solo = SoloMachine.inRing(1, 1, 2, 3);
        private final RingId old = solo.ring();

        AsRepresentative() {
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
        void theFirstTokenSaysThatThereIsSomethingToRecover() { // PROTOCOL.md 3.6 step 5
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

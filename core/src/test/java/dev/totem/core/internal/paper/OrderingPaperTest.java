/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.paper;

import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.safe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.RingId;
import dev.totem.core.Settings;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.ordering.Restraint;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.GatherReason;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 4 at one machine: node 2 in a ring of 1, 2 and 3, or node 1 as its representative. */
class OrderingPaperTest {

    private static final NodeSettings CONFIG = NodeSettings.defaults();
    private static final Duration MOMENT = Duration.ofNanos(1);
    private static final Duration PAUSE = CONFIG.timing().hold().dividedBy(64);
    private static final int UNCHANGED = CONFIG.timing().seqnoUnchangedConst();

    private final SoloMachine solo = SoloMachine.inRing(2, 1, 2, 3);
    private final RingId ring = solo.ring();

    // PROTOCOL.md 4.1

    @Test
    void inTheOriginalRingMessagesLeaveBeforeTheTokenAndDeliveriesFollowIt() { // steps 12, 18, 19
        SoloMachine original = SoloMachine.inRing(CONFIG.with(Settings.ACCELERATED_WINDOW, 0), 2, 1, 2, 3);
        original.send("a", Guarantee.AGREED);
        original.send("b", Guarantee.AGREED);
        original.clear();

        original.turn();

        assertThat(original.effects).hasSize(5);
        assertThat(original.effects.get(0)).isInstanceOf(Effect.Multicast.class);
        assertThat(original.effects.get(1)).isInstanceOf(Effect.Multicast.class);
        assertThat(original.effects.get(2)).isInstanceOf(Effect.Unicast.class);
        assertThat(original.effects.get(3)).isInstanceOf(Effect.Deliver.class);
        assertThat(original.effects.get(4)).isInstanceOf(Effect.Deliver.class);
        assertThat(original.texts()).containsExactly("a", "b");
    }

    @Test
    void nothingIsSentWithoutTheToken() {
        solo.send("a", Guarantee.AGREED);

        assertThat(solo.multicasts(RegularMessage.class)).isEmpty();
        assertThat(solo.texts()).isEmpty();
    }

    @Test
    void ownMessagesAreDeliveredInTheirPlaceAndNoEarlier() { // PROTOCOL.md 4.9
        solo.send("own", Guarantee.AGREED);

        solo.turn(next -> next.seq(1).aru(1, 0));
        assertThat(solo.texts()).as("1 is missing").isEmpty();
        solo.receive(message(1, ring, 1));

        assertThat(solo.texts()).containsExactly("m1", "own");
    }

    // PROTOCOL.md 4.11

    @Test
    void aSafeMessageIsDeliveredAfterTwoVisitsThatForwardItsNumber() {
        solo.receive(safe(1, ring, 1));
        assertThat(solo.texts()).isEmpty();
        solo.turn(next -> next.seq(1).aru(1, 0));
        assertThat(solo.texts()).isEmpty();

        solo.turn();

        assertThat(solo.texts()).containsExactly("m1");
    }

    @Test
    void aSafeMessageWaitsWhileAMemberLacksIt() {
        solo.receive(safe(1, ring, 1));
        solo.receive(message(1, ring, 2));
        for (int visit = 0; visit < 20; visit++) {
            solo.turn(next -> next.seq(2).aru(0, 3));
        }
        assertThat(solo.texts()).isEmpty();

        solo.turn(next -> next.aru(2, 0));
        assertThat(solo.texts()).isEmpty();
        solo.turn(next -> next.aru(2, 0));

        assertThat(solo.texts()).containsExactly("m1", "m2");
    }

    @Test
    void anOwnSafeMessageTakesTwoMoreVisitsOfTheToken() {
        solo.send("safe", Guarantee.SAFE);
        solo.turn();
        assertThat(solo.texts()).isEmpty();

        solo.turn();

        assertThat(solo.texts()).containsExactly("safe");
    }

    // PROTOCOL.md 4.4

    @Test
    void aLostMessageIsRequestedAndDeliveredWhenItComes() {
        solo.receive(message(1, ring, 2));
        solo.turn(next -> next.seq(2).aru(2, 0));
        RegularToken asked = solo.turn(next -> next.seq(2));
        assertThat(asked.retransmitRequests()).containsExactly(1L);
        assertThat(asked.aruOwner()).contains(id(2));

        solo.receive(message(1, ring, 1));

        assertThat(solo.texts()).containsExactly("m1", "m2");
        assertThat(solo.turn(next -> next.requests()).retransmitRequests()).isEmpty();
    }

    // PROTOCOL.md 3.9

    @Test
    @Tag("P16")
    void whoFailsToReceiveIsGivenUpOn() {
        for (int visit = 0; visit <= CONFIG.timing().failRecvConst() + 1; visit++) {
            solo.pass(Duration.ofMillis(1));
            solo.clear();
            if (solo.phase() == RingPhase.OPERATIONAL) {
                solo.receive(message(1, ring, 1));
                solo.receive(solo.nextToken().seq(1).aru(0, 3).token());
            }
        }

        assertThat(solo.phase()).isEqualTo(RingPhase.GATHER);
        assertThat(solo.entered).startsWith(GatherReason.FAILED_TO_RECEIVE.name());
        assertThat(solo.entered).contains("fail [3]");
    }

    // HoldBack

    @Test
    void whoHoldsBackSendsALittle() {
        solo.step(new Input.HoldBack(Restraint.HELD_BACK));
        solo.send("is waited for", Guarantee.AGREED);

        RegularToken passed = solo.turn();

        assertThat(solo.multicasts(RegularMessage.class)).hasSize(1);
        assertThat(passed.fcc()).isEqualTo(1 + CONFIG.flow().windowSize() + 1);
    }

    @Test
    void whoCanBearNothingMoreSendsNothingUntilItIsOver() {
        solo.step(new Input.HoldBack(Restraint.STOPPED));
        solo.send("waits", Guarantee.AGREED);
        assertThat(solo.turn().fcc()).isGreaterThan(100 * CONFIG.flow().windowSize());
        assertThat(solo.multicasts(RegularMessage.class)).isEmpty();
        solo.step(new Input.HoldBack(Restraint.NONE));

        assertThat(solo.turn().fcc()).as("takes its contribution back").isZero();
        RegularToken passed = solo.turn();

        assertThat(solo.multicasts(RegularMessage.class)).hasSize(1);
        assertThat(passed.fcc()).isEqualTo(1);
    }

    @Nested
    class OnAnIdleRing {

        private final SoloMachine first = SoloMachine.inRing(1, 1, 2, 3);

        private void idle(SoloMachine machine) {
            for (int visit = 0; visit <= UNCHANGED; visit++) {
                machine.pass(PAUSE);
                machine.clear();
                machine.turn();
            }
        }

        @Test
        void theRepresentativeHoldsTheToken() { // PROTOCOL.md 4.8
            idle(first);
            assertThat(first.effects).isEmpty();

            first.pass(CONFIG.timing().hold().minus(MOMENT));
            assertThat(first.unicasts(RegularToken.class)).isEmpty();
            first.pass(MOMENT);

            assertThat(first.unicasts(RegularToken.class)).hasSize(1);
        }

        @Test
        void theOthersPassItOn() {
            idle(solo);

            assertThat(solo.unicasts(RegularToken.class)).hasSize(1);
        }

        @Test
        void aHoldCancelFreesTheToken() {
            idle(first);

            first.receive(new HoldCancel(origin(2), first.ring()));

            assertThat(first.unicasts(RegularToken.class)).hasSize(1);
            first.pass(MOMENT);
            first.clear();
            first.turn();
            first.pass(PAUSE);
            assertThat(first.unicasts(RegularToken.class))
                    .as("not held again for long")
                    .hasSize(1);
        }

        @Test
        @Tag("P45")
        void theRepresentativesOwnMessageFreesTheToken() {
            idle(first);

            first.send("own", Guarantee.AGREED);

            assertThat(first.unicasts(RegularToken.class)).hasSize(1);
            assertThat(first.multicasts(HoldCancel.class)).isEmpty();
        }

        @Test
        void aMemberWithAMessageCancelsTheHoldOnceAVisit() {
            idle(solo);
            solo.clear();

            solo.send("a", Guarantee.AGREED);
            solo.send("b", Guarantee.AGREED);

            assertThat(solo.unicasts(HoldCancel.class)).containsExactly(new HoldCancel(origin(2), ring));
        }

        @Test
        void aBusyRingNeedsNoCancel() {
            solo.turn(next -> next.flow(0, CONFIG.flow().windowSize() / 16 + 1));
            solo.clear();

            solo.send("a", Guarantee.AGREED);

            assertThat(solo.unicasts(HoldCancel.class)).isEmpty();
        }

        @Test
        void aRotationThatLeftNothingToDoIsFollowedByAPause() { // PROTOCOL.md 4.8
            first.turn();
            first.clear();
            first.receive(message(2, first.ring(), 1));
            first.turn(next -> next.seq(1).aru(1, 0));
            assertThat(first.texts()).containsExactly("m1");
            assertThat(first.unicasts(RegularToken.class)).isEmpty();

            first.pass(PAUSE);

            assertThat(first.unicasts(RegularToken.class)).hasSize(1);
        }

        @Test
        void aMessageEndsThePause() {
            first.turn();
            first.clear();
            first.receive(new HoldCancel(origin(2), first.ring()));
            assertThat(first.unicasts(RegularToken.class)).hasSize(1);

            first.turn();
            first.clear();
            first.send("own", Guarantee.AGREED);

            assertThat(first.unicasts(RegularToken.class)).hasSize(1);
        }

        @Test
        void whatTheRepresentativeSendsGoesAroundAtOnce() {
            first.turn();
            first.pass(PAUSE);
            first.send("own", Guarantee.AGREED);
            first.clear();

            first.turn();

            assertThat(first.unicasts(RegularToken.class)).hasSize(1);
        }

        @Test
        void aCancelThatOvertakesTheTokenLetsItPass() {
            first.turn();
            first.pass(PAUSE);
            first.receive(new HoldCancel(origin(2), first.ring()));
            first.clear();

            first.turn();

            assertThat(first.unicasts(RegularToken.class)).hasSize(1);
        }

        @Test
        void thereIsNoPauseUntilEverybodyHasDeliveredASafeMessage() {
            first.turn();
            first.pass(PAUSE);
            first.receive(safe(2, first.ring(), 1));
            for (int rotation = 0; rotation < 2; rotation++) {
                first.clear();
                first.turn(next -> next.seq(1).aru(1, 0));
                assertThat(first.unicasts(RegularToken.class)).hasSize(1);
            }
            assertThat(first.texts()).containsExactly("m1");

            first.clear();
            first.turn();

            assertThat(first.unicasts(RegularToken.class))
                    .as("the last member has seen it go around twice")
                    .isEmpty();
        }

        @Test
        void aHeldTokenIsNotSentTwice() {
            idle(first);
            first.pass(CONFIG.timing().hold());
            first.clear();

            first.pass(CONFIG.timing().tokenRetransmit().minus(MOMENT));

            assertThat(first.unicasts(RegularToken.class)).isEmpty();
            first.receive(new HoldCancel(origin(2), first.ring()));
            assertThat(first.unicasts(RegularToken.class)).isEmpty();
        }

        @Test
        @Tag("P26")
        void theRepresentativeAnnouncesTheRing() { // PROTOCOL.md 2.6
            first.turn();
            first.turn();
            first.pass(CONFIG.timing().merge().minus(MOMENT));
            assertThat(first.multicasts(MergeDetect.class)).isEmpty();

            first.pass(MOMENT);

            assertThat(first.multicasts(MergeDetect.class))
                    .containsExactly(new MergeDetect(origin(1), first.ring(), ids(1, 2, 3), ids(2, 3)));
        }

        @Test
        void theAnnouncementIsRepeatedOnlyAfterAnotherIdleVisit() {
            first.turn();
            first.turn();
            first.pass(CONFIG.timing().merge().multipliedBy(3));
            assertThat(first.multicasts(MergeDetect.class)).hasSize(1);
            first.turn();

            first.pass(CONFIG.timing().merge());

            assertThat(first.multicasts(MergeDetect.class)).hasSize(2);
        }

        @Test
        void aNewMessagePutsTheAnnouncementOff() {
            first.turn();
            first.turn();
            first.pass(CONFIG.timing().merge().minus(MOMENT));
            first.send("a", Guarantee.AGREED);
            first.turn();

            first.pass(CONFIG.timing().merge());

            assertThat(first.multicasts(MergeDetect.class)).isEmpty();
        }

        @Test
        void theOthersAnnounceNothing() {
            idle(solo);

            solo.pass(CONFIG.timing().merge().multipliedBy(2));

            assertThat(solo.multicasts(MergeDetect.class)).isEmpty();
        }
    }

    /** {@code PROTOCOL.md} 8 and 5.3. */
    @Nested
    class AtTheStart {

        @Test
        void theNumberIsStoredBeforeAnythingElse() {
            SoloMachine fresh = new SoloMachine(2, CONFIG);

            fresh.step(new Input.Start(100));

            assertThat(fresh.effects.get(0)).isEqualTo(new Effect.Persist(104));
            assertThat(fresh.effects.get(1)).isInstanceOf(Effect.Install.class);
            assertThat(fresh.changes().get(0).ring()).isEqualTo(Crafted.ring(2, 104));
            assertThat(fresh.changes().get(0).members()).isEqualTo(ids(2));
            assertThat(fresh.multicasts(Join.class)).containsExactly(Crafted.join(2, ids(2), ids(), 104));
            assertThat(fresh.phase()).isEqualTo(RingPhase.GATHER);
        }

        @Test
        void whoWouldBeAloneWaitsAJoinPeriod() {
            SoloMachine fresh = SoloMachine.started(2);
            fresh.pass(CONFIG.timing().join().minus(MOMENT));
            assertThat(fresh.phase()).isEqualTo(RingPhase.GATHER);

            fresh.pass(MOMENT);

            assertThat(fresh.phase()).isEqualTo(RingPhase.COMMIT);
        }

        @Test
        void whoWouldBeAloneWaitsAJoinPeriodAfterADelayedJoinToo() {
            NodeSettings large = CONFIG.with(Settings.SEND_JOIN, Duration.ofMillis(80));
            SoloMachine fresh = new SoloMachine(2, large);
            fresh.step(new Input.Start(0));
            while (fresh.multicasts(Join.class).isEmpty()) {
                fresh.pass(Duration.ofMillis(1));
            }

            fresh.pass(CONFIG.timing().join().minusMillis(2));

            assertThat(fresh.phase()).isEqualTo(RingPhase.GATHER);
            fresh.pass(Duration.ofMillis(82));
            assertThat(fresh.phase()).isEqualTo(RingPhase.COMMIT);
        }

        @Test
        void anotherProcessWithThisIdThatStartedLaterMeansNothing() {
            for (int i = 0; i < 100; i++) {
                solo.pass(Duration.ofMillis(20));
                solo.clear();
                solo.receive(new Join(origin(2, 2), ids(2), List.of(), 1, 0));
                solo.turn();
            }

            assertThat(solo.phase()).isEqualTo(RingPhase.OPERATIONAL);
        }

        /** It stops when it hears a number that its storage has never seen. */
        @Test
        void anotherProcessWithThisIdThatStartedLaterIsShownAHigherNumber() {
            solo.receive(new Join(origin(2, 2), ids(2), List.of(), 5000, 0));
            assertThat(solo.phase()).isEqualTo(RingPhase.GATHER);

            for (int i = 0; i < 300 && solo.phase() != RingPhase.COMMIT; i++) {
                solo.pass(Duration.ofMillis(20));
            }

            assertThat(solo.phase()).isEqualTo(RingPhase.COMMIT);
            assertThat(solo.effects).contains(new Effect.Persist(5004));
        }

        @Test
        void anotherProcessWithThisIdThatStartedEarlierStopsThisOne() {
            for (int i = 0; i < 160 && solo.phase() != RingPhase.STOPPED; i++) {
                solo.pass(Duration.ofMillis(20));
                solo.clear();
                solo.receive(new Join(origin(2, 0), ids(2), List.of(), 5000, 0));
                if (solo.phase() != RingPhase.STOPPED) {
                    solo.turn();
                }
            }

            assertThat(solo.phase()).isEqualTo(RingPhase.STOPPED);
            assertThat(solo.effects).last().isInstanceOf(Effect.Stop.class);
        }

        @Test
        void datagramsOfItsOwnFormerLifeDoNotStopIt() {
            SoloMachine restarted = new SoloMachine(2, CONFIG);
            restarted.step(new Input.Start(100));
            for (int i = 0; i < 60; i++) {
                restarted.pass(Duration.ofMillis(40));
                restarted.receive(new Join(origin(2, 0), ids(1, 2), List.of(), 100, 0));
            }

            assertThat(restarted.phase()).isNotEqualTo(RingPhase.STOPPED);
        }
    }
}

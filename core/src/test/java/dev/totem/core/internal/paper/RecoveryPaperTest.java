/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.paper;

import static dev.totem.core.internal.paper.Crafted.entry;
import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.join;
import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.safe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code PROTOCOL.md} 3.6 to 3.8 at node 2, which comes from a ring of 1, 2, 3 and 4. */
class RecoveryPaperTest {

    private static final Duration TOKEN = NodeSettings.defaults().timing().token();

    private final SoloMachine solo = SoloMachine.inRing(2, 1, 2, 3, 4);
    private final RingId old = solo.ring();
    private long recovered;

    private void hold(RegularMessage... messages) {
        for (RegularMessage message : messages) {
            solo.receive(message);
        }
    }

    /** The token is lost, and these agree to go on without the others. */
    private void regroup(List<NodeId> together, List<NodeId> failed, List<CommitEntry> others) {
        solo.log.clear();
        solo.pass(TOKEN);
        propose(together, failed, others);
    }

    private void propose(List<NodeId> together, List<NodeId> failed, List<CommitEntry> others) {
        solo.meet(together, failed);
        solo.clear();
        solo.commit(others);
        solo.recover(others);
        recovered = 0;
    }

    private void recover(int from, RegularMessage message) {
        recovered++;
        solo.receive(new RecoveredMessage(origin(from), solo.ring(), recovered, message));
    }

    private void turnWithRecovered() {
        solo.turn(next -> next.seq(Math.max(recovered, next.token().seq())));
    }

    private void install() {
        turnWithRecovered();
        solo.install();
    }

    private ConfigChange transitional(int... members) {
        return solo.changes().stream()
                .filter(change -> !change.isRegular())
                .peek(change -> assertThat(change.members()).isEqualTo(ids(members)))
                .findFirst()
                .orElseThrow();
    }

    /** Another live process has this node's id, and answered in its place ({@code PROTOCOL.md} 8). */
    @Test
    void takesNoPartInARingThatAnotherLifeOfItWasAdmittedTo() {
        solo.pass(TOKEN);
        solo.meet(ids(1, 2), ids(3, 4));
        solo.clear();
        solo.commit(solo.alone());
        CommitEntry own = solo.ownEntry();
        CommitEntry other = new CommitEntry(origin(2, 77), own.oldRing(), own.aru(), own.highDelivered(), false);

        solo.receive(solo.commitToken(3, List.of(solo.alone().get(0), other)));

        assertThat(solo.phase()).isEqualTo(RingPhase.COMMIT);
        assertThat(solo.drops).containsExactly(DropReason.OTHER_INCARNATION);
    }

    private List<Object> expected(Object... events) {
        List<Object> expected = new ArrayList<>();
        for (Object event : events) {
            expected.add(event instanceof Integer seq ? "m" + seq : event);
        }
        return expected;
    }

    // PROTOCOL.md 3.7

    @Test
    void deliversTheRestOfTheOldRingBeforeTheTransitionalChange() {
        hold(message(1, old, 1), message(3, old, 3));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 3, 3, false), entry(3, old, 1, 1, false)));
        recover(1, message(3, old, 2));

        install();

        assertThat(solo.log)
                .isEqualTo(expected(
                        2,
                        3,
                        ConfigChange.transitional(old, solo.ring(), ids(1, 2, 3), ids(4)),
                        ConfigChange.regular(solo.ring(), ids(1, 2, 3), ids())));
    }

    @Test
    void whatIsBehindAGapIsDeliveredInTheTransitionalConfiguration() {
        hold(message(1, old, 1), message(3, old, 3), message(1, old, 5));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 1, 1, false), entry(3, old, 1, 1, false)));

        install();

        assertThat(solo.log)
                .isEqualTo(expected(
                        ConfigChange.transitional(old, solo.ring(), ids(1, 2, 3), ids(4)),
                        3,
                        5,
                        ConfigChange.regular(solo.ring(), ids(1, 2, 3), ids())));
    }

    @Test
    void behindAGapTheMessagesOfWhoIsGoneAreDropped() {
        hold(message(4, old, 1), message(4, old, 3), message(1, old, 4), message(4, old, 5));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 1, 1, false), entry(3, old, 1, 1, false)));

        install();

        assertThat(solo.texts()).containsExactly("m4");
    }

    @Test
    void beforeTheGapTheMessagesOfWhoIsGoneAreDelivered() {
        hold(safe(1, old, 1), message(4, old, 2), message(4, old, 4));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 2, 0, false), entry(3, old, 2, 0, false)));

        install();

        assertThat(solo.log)
                .isEqualTo(
                        expected(transitional(1, 2, 3), 1, 2, ConfigChange.regular(solo.ring(), ids(1, 2, 3), ids())));
    }

    @Test
    void aSafeMessageThatNobodyDeliveredIsDeliveredInTheTransitionalConfiguration() {
        hold(message(1, old, 1), safe(1, old, 2), message(1, old, 3));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 3, 1, false), entry(3, old, 3, 1, false)));

        install();

        assertThat(solo.log)
                .isEqualTo(
                        expected(transitional(1, 2, 3), 2, 3, ConfigChange.regular(solo.ring(), ids(1, 2, 3), ids())));
    }

    @Test
    void aSafeMessageThatSomebodyDeliveredIsDeliveredInTheOldConfiguration() {
        hold(message(1, old, 1), safe(1, old, 2), message(1, old, 3), safe(1, old, 4), message(1, old, 5));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 5, 3, false), entry(3, old, 5, 1, false)));

        install();

        assertThat(solo.log)
                .isEqualTo(expected(
                        2, 3, transitional(1, 2, 3), 4, 5, ConfigChange.regular(solo.ring(), ids(1, 2, 3), ids())));
    }

    @Test
    void whatAStrangerDeliveredOnItsRingMeansNothing() {
        hold(safe(1, old, 1));
        regroup(
                ids(1, 2, 9),
                ids(3, 4),
                List.of(entry(1, old, 1, 0, false), entry(9, Crafted.ring(9, old.seq()), 7, 7, false)));

        install();

        assertThat(solo.log)
                .isEqualTo(expected(
                        ConfigChange.transitional(old, solo.ring(), ids(1, 2), ids(3, 4)),
                        1,
                        ConfigChange.regular(solo.ring(), ids(1, 2, 9), ids(9))));
    }

    @Test
    @Tag("P1")
    void whoRestartedIsInLeftAndInJoined() {
        regroup(
                ids(1, 2, 3, 4),
                ids(),
                List.of(
                        entry(1, old, 0, 0, false),
                        entry(3, Crafted.ring(3, old.seq() - 4), 0, 0, false),
                        entry(4, old, 0, 0, false)));

        install();

        assertThat(solo.log)
                .isEqualTo(expected(
                        ConfigChange.transitional(old, solo.ring(), ids(1, 2, 4), ids(3)),
                        ConfigChange.regular(solo.ring(), ids(1, 2, 3, 4), ids(3))));
    }

    @Test
    void theTokenIsPassedOnAfterTheLastDelivery() { // step 9
        hold(safe(1, old, 1));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 1, 0, false), entry(3, old, 1, 0, false)));
        for (int visit = 0; visit < 8 && solo.phase() == RingPhase.RECOVERY; visit++) {
            solo.clear();
            solo.turn();
        }

        assertThat(solo.effects).hasSize(5);
        assertThat(solo.effects.get(0)).isInstanceOf(Effect.Install.class);
        assertThat(solo.effects.get(1)).isInstanceOf(Effect.Deliver.class);
        assertThat(solo.effects.get(2)).isInstanceOf(Effect.Install.class);
        assertThat(solo.effects.get(3)).isInstanceOf(Effect.Agreed.class);
        assertThat(solo.effects.get(4)).isInstanceOf(Effect.Unicast.class);
    }

    @Test
    void nothingOfTheRecoveryIsDeliveredInTheNewConfiguration() {
        hold(message(1, old, 1));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 1, 1, false), entry(3, old, 0, 0, false)));
        recover(1, message(1, old, 1));
        install();
        solo.clear();
        int before = solo.log.size();

        solo.receive(message(1, solo.ring(), solo.lastPassed().seq() + 1));

        assertThat(solo.log).hasSize(before + 1);
        assertThat(solo.texts()).containsExactly("m" + (solo.lastPassed().seq() + 1));
    }

    // PROTOCOL.md 3.6

    @Test
    void sendsWhatATransitionalMemberLacks() {
        hold(message(1, old, 1), message(1, old, 2), message(4, old, 4));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 2, 2, false), entry(3, old, 1, 1, false)));

        solo.turn(next -> next.flag(true));

        assertThat(solo.multicasts(RecoveredMessage.class))
                .containsExactly(
                        new RecoveredMessage(origin(2), solo.ring(), 1, message(1, old, 2)),
                        new RecoveredMessage(origin(2), solo.ring(), 2, message(4, old, 4)));
    }

    @Test
    void doesNotSendWhatItHeardAnotherSend() {
        hold(message(1, old, 1), message(1, old, 2));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 2, 2, false), entry(3, old, 0, 0, false)));
        recover(1, message(1, old, 1));

        turnWithRecovered();

        assertThat(solo.multicasts(RecoveredMessage.class))
                .containsExactly(new RecoveredMessage(origin(2), solo.ring(), 2, message(1, old, 2)));
    }

    // PROTOCOL.md 3.8

    @Test
    void messagesRecoveredInAFailedAttemptAreReportedInTheNext() { // unlike D6
        hold(message(1, old, 2));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 2, 2, false), entry(3, old, 2, 2, false)));
        assertThat(solo.ownEntry()).isEqualTo(entry(2, old, 0, 0, false));
        recover(1, message(1, old, 1));
        solo.pass(TOKEN);
        solo.meet(ids(1, 2, 3), ids(4));
        solo.clear();

        solo.commit(List.of(entry(1, old, 2, 2, false), entry(3, old, 2, 2, false)));

        assertThat(solo.ownEntry()).isEqualTo(entry(2, old, 2, 2, false));
    }

    @Test
    void aFailedAttemptIsInvisibleAndItsNumberIsNotUsedAgain() {
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 0, 0, false), entry(3, old, 0, 0, false)));
        RingId failed = solo.ring();
        solo.pass(TOKEN);

        assertThat(solo.log).isEmpty();
        assertThat(solo.multicasts(Join.class)).last().extracting(Join::ringSeq).isEqualTo(failed.seq());
        propose(ids(1, 2, 3), ids(4), List.of(entry(1, old, 0, 0, false), entry(3, old, 0, 0, false)));
        install();
        assertThat(solo.ring().seq()).isGreaterThan(failed.seq());
        assertThat(solo.log)
                .isEqualTo(expected(
                        ConfigChange.transitional(old, solo.ring(), ids(1, 2, 3), ids(4)),
                        ConfigChange.regular(solo.ring(), ids(1, 2, 3), ids())));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    @Tag("P2")
    void whereverRecoveryFailsTheOldRingIsStillTheOldRing(int visits) {
        hold(message(1, old, 1), safe(3, old, 2));
        List<CommitEntry> others = List.of(entry(1, old, 2, 1, false), entry(3, old, 2, 1, false));
        regroup(ids(1, 2, 3), ids(4), others);
        for (int visit = 0; visit < visits; visit++) {
            solo.turn();
        }
        assertThat(solo.phase()).isEqualTo(RingPhase.RECOVERY);
        solo.pass(TOKEN);
        propose(ids(1, 2, 3), ids(4), others);
        solo.pass(TOKEN);
        propose(ids(1, 2, 3), ids(4), others);

        install();

        assertThat(solo.log)
                .isEqualTo(expected(
                        ConfigChange.transitional(old, solo.ring(), ids(1, 2, 3), ids(4)),
                        2,
                        ConfigChange.regular(solo.ring(), ids(1, 2, 3), ids())));
    }

    /** Recovers until this processor has promised, and loses the token then. */
    private void failAfterThePromise() {
        solo.turn();
        solo.turn();
        assertThat(solo.phase()).isEqualTo(RingPhase.RECOVERY);
        solo.pass(TOKEN);
    }

    @Test
    void thePromiseIsReportedInTheNextAttempt() {
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 0, 0, false), entry(3, old, 0, 0, false)));
        failAfterThePromise();
        solo.meet(ids(1, 2), ids(3, 4));
        solo.clear();

        solo.commit(List.of(entry(1, old, 0, 0, true)));

        assertThat(solo.ownEntry().received()).isTrue();
    }

    @Test
    void thereIsNoPromiseBeforeTheInstallSeqIsKnown() {
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 0, 0, false), entry(3, old, 0, 0, false)));
        solo.turn();
        solo.pass(TOKEN);
        solo.meet(ids(1, 2), ids(3, 4));
        solo.clear();

        solo.commit(List.of(entry(1, old, 0, 0, false)));

        assertThat(solo.ownEntry().received()).isFalse();
    }

    @Test
    void thereIsNoPromiseWhileSomethingIsMissing() {
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 1, 1, false), entry(3, old, 1, 1, false)));
        for (int visit = 0; visit < 3; visit++) {
            solo.turn(next -> next.seq(1));
        }
        solo.pass(TOKEN);
        solo.meet(ids(1, 2), ids(3, 4));
        solo.clear();

        solo.commit(List.of(entry(1, old, 1, 1, false)));

        assertThat(solo.ownEntry().received()).isFalse();
    }

    @Test
    void whoPromisedDeliversTheMessagesOfTheRememberedMembersEvenBeyondAGap() { // the obligation rule
        hold(message(1, old, 1), message(3, old, 3), message(4, old, 4));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 1, 1, false), entry(3, old, 1, 1, false)));
        solo.turn(next -> next.flag(true));
        solo.turn(next -> next.flag(false));
        failAfterThePromise();
        propose(ids(1, 2), ids(3, 4), List.of(entry(1, old, 1, 1, true)));
        assertThat(solo.ownEntry().received()).isTrue();

        install();

        assertThat(solo.log)
                .isEqualTo(expected(
                        ConfigChange.transitional(old, solo.ring(), ids(1, 2), ids(3, 4)),
                        3,
                        ConfigChange.regular(solo.ring(), ids(1, 2), ids())));
    }

    @Test
    void aPromiseIsVoidIfATransitionalMemberNeverMadeIt() {
        hold(message(1, old, 1), message(3, old, 3));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 1, 1, false), entry(3, old, 1, 1, false)));
        solo.turn(next -> next.flag(true));
        solo.turn(next -> next.flag(false));
        failAfterThePromise();
        propose(ids(1, 2), ids(3, 4), List.of(entry(1, old, 1, 1, false)));
        assertThat(solo.ownEntry().received()).isTrue();

        install();

        assertThat(solo.texts()).doesNotContain("m3");
    }

    @Test
    void afterThePromiseTheOldStoreIsClosed() {
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 0, 0, false), entry(3, old, 0, 0, false)));
        failAfterThePromise();

        solo.receive(message(1, old, 1));

        solo.meet(ids(1, 2), ids(3, 4));
        solo.clear();
        solo.commit(List.of(entry(1, old, 0, 0, true)));
        assertThat(solo.ownEntry()).isEqualTo(entry(2, old, 0, 0, true));
    }

    @Test
    void whatAnybodyDeliveredIsPassedOnToTheNextAttempt() {
        hold(safe(1, old, 1));
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 1, 0, false), entry(3, old, 1, 1, false)));
        solo.pass(TOKEN);
        propose(ids(1, 2), ids(3, 4), List.of(entry(1, old, 1, 0, false)));
        assertThat(solo.ownEntry().highDelivered()).isEqualTo(1);

        install();

        assertThat(solo.log)
                .isEqualTo(expected(1, transitional(1, 2), ConfigChange.regular(solo.ring(), ids(1, 2), ids())));
    }

    @Test
    void theSetsOnlyGrowThroughAllAttempts() {
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 0, 0, false), entry(3, old, 0, 0, false)));

        solo.receive(join(1, ids(1, 2, 3), ids(3), solo.ring().seq()));

        Join announced = solo.multicasts(Join.class).get(0);
        assertThat(announced.proc()).isEqualTo(ids(1, 2, 3, 4));
        assertThat(announced.fail()).contains(id(4), id(3));
    }

    @Test
    @Tag("P12")
    void lateMessagesOfTheAbandonedRingChangeNothing() {
        regroup(ids(1, 2, 3), ids(4), List.of(entry(1, old, 0, 0, false), entry(3, old, 0, 0, false)));
        RingId failed = solo.ring();
        solo.pass(TOKEN);
        solo.clear();

        solo.receive(message(1, failed, 1));
        solo.receive(new RecoveredMessage(origin(1), failed, 2, message(1, failed, 2)));

        assertThat(solo.effects).isEmpty();
        solo.meet(ids(1, 2, 3), ids(4));
        solo.clear();
        solo.commit(List.of(entry(1, old, 0, 0, false), entry(3, old, 0, 0, false)));
        assertThat(solo.ownEntry()).isEqualTo(entry(2, old, 0, 0, false));
    }
}

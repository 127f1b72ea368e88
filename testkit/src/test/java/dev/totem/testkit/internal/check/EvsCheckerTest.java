/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import static dev.totem.testkit.internal.check.LogBuilder.joined;
import static dev.totem.testkit.internal.check.LogBuilder.log;
import static dev.totem.testkit.internal.check.LogBuilder.message;
import static dev.totem.testkit.internal.check.LogBuilder.ring;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.SendFailedException.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One small history that breaks each rule, and good ones beside it that do not. */
class EvsCheckerTest {

    private static final RingId ONE = ring(1, 4);
    private static final RingId TWO = ring(2, 4);
    private static final RingId R = ring(1, 8);
    private static final RingId S = ring(1, 12);
    private static final RingId S2 = ring(2, 12);
    private static final MessageId A = message(1, 1);
    private static final MessageId B = message(2, 1);
    private static final MessageId C = message(1, 2);

    // Good histories

    @Test
    void acceptsAPartitionWithDifferentTailsOnBothSides() {
        MessageId last = message(3, 1);
        LogBuilder one = joined(1, R, 1, 2, 3)
                .submit(A)
                .deliver(A, R, 1)
                .sent(A, R, 1)
                .submit(C)
                .deliver(B, R, 2);
        LogBuilder two = joined(2, R, 1, 2, 3)
                .submit(B)
                .deliver(A, R, 1)
                .deliver(B, R, 2)
                .sent(B, R, 2);
        LogBuilder three = joined(3, R, 1, 2, 3).submit(last).deliver(A, R, 1).deliver(B, R, 2);
        one.transitional(R, S, ints(1), ints(2, 3))
                .deliver(C, R, 4)
                .sent(C, R, 4)
                .regular(S, 1);
        two.transitional(R, S2, ints(2, 3), ints(1)).deliver(last, R, 5).regular(S2, 2, 3);
        three.transitional(R, S2, ints(2, 3), ints(1))
                .deliver(last, R, 5)
                .sent(last, R, 5)
                .regular(S2, 2, 3);

        CheckReport report = check(end(set(1), set(2, 3)), one, two, three);

        assertThat(report.violations()).as(report.text()).isEmpty();
        assertThat(report.checked()).containsKeys(EvsRule.S4, EvsRule.S6_3, EvsRule.S2_1, EvsRule.S5_CAUSAL);
    }

    @Test
    void acceptsARestartThatLeavesAndJoinsAtOnce() {
        LogBuilder one = joined(1, R, 1, 2).submit(A).deliver(A, R, 1).sent(A, R, 1);
        one.transitional(R, S, ints(1), ints(2)).regular(S, ints(1, 2), ints(2));
        LogBuilder first = joined(2, R, 1, 2).deliver(A, R, 1).fail();
        RingId own = ring(2, 10);
        LogBuilder second = log(2, 1).regular(own, 2).transitional(own, S, 2).regular(S, ints(1, 2), ints(1));

        CheckReport report = check(end(set(1, 2)), one, first, second);

        assertThat(report.violations()).as(report.text()).isEmpty();
    }

    @Test
    void saysWhatLogsWithoutSendsCannotShow() {
        MessageId derived = MessageId.ofContent(NodeId.of(1), new Position(R, 1, 0), new byte[] {1, 2});
        LogBuilder one = joined(1, R, 1, 2).deliver(derived, R, 1);
        LogBuilder two = joined(2, R, 1, 2).deliver(derived, R, 1);

        CheckReport report = check(Optional.empty(), one, two);

        assertThat(report.passed()).isTrue();
        assertThat(report.notChecked())
                .containsKeys(EvsRule.S5_CAUSAL, EvsRule.ST9, EvsRule.S1_4, EvsRule.S2_1)
                .doesNotContainKeys(EvsRule.S4, EvsRule.ST7, EvsRule.S6_3);
    }

    @Test
    void acceptsALogThatBeginsLateIfTold() {
        LogBuilder one = joined(1, R, 1, 2).deliver(A, R, 1).deliver(C, R, 2);
        LogBuilder late = log(2).regular(R, 1, 2).deliver(C, R, 2);
        List<EvsLog> logs = List.of(one.end(), late.end());

        CheckOptions told = CheckOptions.complete().withFirstReplayed(true);

        assertThat(new EvsChecker(told).check(logs, Optional.empty()).violations())
                .isEmpty();
        assertThat(broken(check(Optional.empty(), one, late))).contains(EvsRule.ST1, EvsRule.S6_3);
    }

    // Structure

    @Test
    void seesALifeThatDoesNotBeginAlone() {
        assertBreaks(EvsRule.ST1, log(1).regular(R, 1, 2));
        assertBreaks(EvsRule.ST1, log(1).deliver(A, R, 1));
    }

    @Test
    void seesTwoRegularConfigurationsInARow() {
        assertBreaks(EvsRule.ST2, log(1).regular(ONE, 1).regular(R, 1));
    }

    @Test
    void seesAProcessOutsideItsOwnConfiguration() {
        assertBreaks(EvsRule.ST3, log(1).regular(ONE, 1).transitional(ONE, R, 1).regular(R, ints(2, 3), ints(2, 3)));
    }

    @Test
    void seesOneRingWithTwoMemberships() {
        assertBreaks(EvsRule.ST4, joined(1, R, 1, 2), joined(2, R, 1, 2, 3));
    }

    @Test
    void seesOnePassageWithTwoCompanies() {
        LogBuilder one = joined(1, R, 1, 2).transitional(R, S, 1, 2).fail();
        LogBuilder two = joined(2, R, 1, 2).transitional(R, S, ints(2), ints(1)).fail();
        assertBreaks(EvsRule.ST4, one, two);
    }

    @Test
    void seesRingNumbersThatDoNotGrow() {
        assertBreaks(EvsRule.ST5, joined(1, R, 1, 2).transitional(R, R, 1, 2).regular(R, 1, 2));
        assertBreaks(EvsRule.ST5, log(1).regular(R, 1).fail(), log(1, 1).regular(ONE, 1));
        assertBreaks(EvsRule.ST5, log(1).regular(ONE, 1).fail(), log(1, 1).regular(ONE, 1));
    }

    @Test
    void seesATransitionalConfigurationThatIsNoPartOfTheNext() {
        LogBuilder one = joined(1, R, 1, 2).transitional(R, S, 1, 2).regular(S, 1);
        assertBreaks(EvsRule.ST6, one);
    }

    @Test
    void seesACompanionMissingFromTheTransitionalConfiguration() {
        LogBuilder one = joined(1, R, 1, 2).transitional(R, S, ints(1), ints(2)).regular(S, ints(1, 2), ints(2));
        LogBuilder two = joined(2, R, 1, 2).transitional(R, S, 1, 2).regular(S, 1, 2);
        assertBreaks(EvsRule.ST7, one, two);
    }

    @Test
    void seesAStrangerInTheTransitionalConfiguration() {
        RingId other = ring(2, 9);
        LogBuilder one = joined(1, R, 1, 2).transitional(R, S, 1, 2).regular(S, 1, 2);
        LogBuilder two =
                joined(2, R, 1, 2).transitional(R, other, ints(2), ints(1)).regular(other, 2);
        two.transitional(other, S, 2).regular(S, ints(1, 2), ints(1));
        assertBreaks(EvsRule.ST7, one, two);
    }

    @Test
    void seesALeaverThatNobodyNamed() {
        assertBreaks(EvsRule.ST8, joined(1, R, 1, 2).transitional(R, S, 1).regular(S, 1));
        assertBreaks(EvsRule.ST8, joined(1, R, 1, 2).transitional(R, S, 1, 2).regular(S, 1, 2, 3));
    }

    @Test
    void seesASendInATransitionalConfiguration() {
        assertBreaks(EvsRule.ST9, log(1).regular(ONE, 1).transitional(ONE, R, 1).send(A, ONE, 1));
        assertBreaks(EvsRule.ST9, log(1).regular(ONE, 1).send(A, R, 1));
    }

    @Test
    void seesTwoMessagesAtOnePosition() {
        assertBreaks(
                EvsRule.ST10,
                joined(1, R, 1, 2).deliver(A, R, 1),
                joined(2, R, 1, 2).deliver(B, R, 1));
    }

    @Test
    void seesOneMessageAtTwoPositions() {
        assertBreaks(
                EvsRule.ST10,
                joined(1, R, 1, 2).deliver(A, R, 1),
                joined(2, R, 1, 2).deliver(A, R, 2));
        assertBreaks(EvsRule.ST10, joined(1, R, 1, 2).send(A, R, 3).send(C, R, 2));
    }

    // The specifications

    @Test
    void seesAMessageDeliveredBeforeItWasSent() {
        assertBreaks(EvsRule.S1_1, log(1).regular(ONE, 1).deliver(A, ONE, 1).submit(A));
        LogBuilder one = joined(1, R, 1, 2).deliver(B, R, 1).submit(A).deliver(A, R, 2);
        LogBuilder two = joined(2, R, 1, 2).deliver(A, R, 2).submit(B).deliver(B, R, 1);
        assertBreaks(EvsRule.S1_1, one, two);
    }

    @Test
    void seesAMessageThatIsNotDeliveredAsItWasSent() {
        assertBreaks(EvsRule.S1_3, log(1).regular(ONE, 1).submit(A).deliverSafe(A, ONE, 1));
        assertBreaks(EvsRule.S1_3, log(1).regular(ONE, 1).submitSafe(A).deliver(A, ONE, 1));
    }

    @Test
    void seesAMessageThatNobodySent() {
        assertBreaks(EvsRule.S1_3, joined(1, R, 1, 2).submit(A).deliver(C, R, 1).deliver(A, R, 2));
        assertBreaks(EvsRule.S1_3, joined(1, R, 1, 2).deliver(B, R, 1), log(2).regular(TWO, 2));
    }

    @Test
    void seesAMessageDeliveredTwice() {
        LogBuilder twice = joined(1, R, 1, 2).deliver(A, R, 1).deliver(A, R, 1);
        LogBuilder first = joined(2, R, 1, 2).deliver(A, R, 1).fail();
        LogBuilder second = log(2, 1).regular(ring(2, 20), 2).deliver(A, ring(2, 20), 1);
        assertBreaks(EvsRule.S1_4, twice);
        assertBreaks(EvsRule.S1_4, first, second);
        assertBreaks(EvsRule.S1_4, joined(1, R, 1, 2).send(A, R, 1).send(A, R, 2));
    }

    @Test
    void seesAnEndWithoutOneConfiguration() {
        LogBuilder apart = log(2).regular(TWO, 2);
        assertThat(broken(check(end(set(1, 2)), log(1).regular(ONE, 1), apart))).contains(EvsRule.S2_1);
        LogBuilder between = joined(1, R, 1, 2).transitional(R, S, 1, 2);
        assertThat(broken(check(end(set(1, 2)), between, joined(2, R, 1, 2)))).contains(EvsRule.S2_1);
    }

    @Test
    void seesADeliveryInAnotherConfiguration() {
        assertBreaks(EvsRule.S2_2, joined(1, R, 1, 2).deliver(A, S, 1));
        assertBreaks(EvsRule.S2_2, log(1).regular(ONE, 1).fail().deliver(A, ONE, 1));
    }

    @Test
    void seesAMessageOnDifferentSidesOfAConfigurationChange() {
        LogBuilder one =
                joined(1, R, 1, 2).deliver(A, R, 1).transitional(R, S, 1, 2).regular(S, 1, 2);
        LogBuilder two =
                joined(2, R, 1, 2).transitional(R, S, 1, 2).regular(S, 1, 2).deliver(A, R, 1);
        assertBreaks(EvsRule.S2_3, one, two);
    }

    @Test
    void seesAnOwnMessageThatIsNotDeliveredAtHome() {
        LogBuilder one = joined(1, R, 1, 2).transitional(R, S, ints(1), ints(2)).regular(S, 1);
        LogBuilder two = joined(2, R, 1, 2).deliver(A, R, 1);
        assertBreaks(EvsRule.S3, one, two);
        assertBreaks(
                EvsRule.S3, joined(1, R, 1).send(A, R, 1).transitional(R, S, 1).regular(S, 1));
    }

    @Test
    void seesAnOwnMessageThatIsMissingInTheEnd() {
        LogBuilder two = joined(2, R, 1, 2).deliver(A, R, 1);
        assertThat(broken(check(end(set(1, 2)), joined(1, R, 1, 2), two))).contains(EvsRule.S3_L);
        assertThat(broken(check(Optional.empty(), joined(1, R, 1, 2), two))).doesNotContain(EvsRule.S3_L);
    }

    @Test
    void seesDifferentDeliveriesBetweenTheSameConfigurations() {
        LogBuilder one = joined(1, R, 1, 2, 3).transitional(R, S, ints(1, 2), ints(3));
        LogBuilder two = joined(2, R, 1, 2, 3).transitional(R, S, ints(1, 2), ints(3));
        one.deliver(message(3, 1), R, 1).regular(S, 1, 2);
        two.regular(S, 1, 2);
        assertBreaks(EvsRule.S4, one, two);
    }

    @Test
    void seesDifferentDeliveriesInTheLastConfiguration() {
        LogBuilder one = joined(1, R, 1, 2).deliver(A, R, 1);
        LogBuilder two = joined(2, R, 1, 2);
        assertThat(broken(check(end(set(1, 2)), one, two))).contains(EvsRule.S4_L);
        assertThat(broken(check(Optional.empty(), one, two))).doesNotContain(EvsRule.S4_L);
    }

    @Test
    void seesAMessageThatOvertakesAnEarlierOneOfItsSender() {
        LogBuilder one = joined(1, R, 1, 2).submit(A).submit(C).fail();
        LogBuilder two = joined(2, R, 1, 2)
                .transitional(R, S2, ints(2), ints(1))
                .deliver(C, R, 2)
                .regular(S2, 2);
        assertBreaks(EvsRule.S5_FIFO, one, two);
        LogBuilder swapped =
                joined(1, R, 1, 2).submit(A).submit(C).deliver(C, R, 1).deliver(A, R, 2);
        assertBreaks(EvsRule.S5_FIFO, swapped);
        LogBuilder three =
                joined(3, R, 1, 2, 3).deliver(A, R, 1).deliver(C, R, 2).fail();
        LogBuilder four = joined(2, R, 1, 2, 3).transitional(R, S2, ints(2), ints(1, 3));
        assertBreaks(EvsRule.S5_FIFO, three, four.deliver(C, R, 2).regular(S2, 2));
    }

    @Test
    void seesAnEffectWithoutItsCause() {
        LogBuilder one = joined(1, R, 1, 2, 3).submit(A).fail();
        LogBuilder two = joined(2, R, 1, 2, 3).deliver(A, R, 1).submit(B).fail();
        LogBuilder three = joined(3, R, 1, 2, 3).transitional(R, ring(3, 12), ints(3), ints(1, 2));
        three.deliver(B, R, 2).regular(ring(3, 12), 3);
        assertBreaks(EvsRule.S5_CAUSAL, one, two, three);
    }

    @Test
    void seesTwoOrders() {
        LogBuilder one = joined(1, R, 1, 2).deliver(A, R, 1).deliver(B, R, 2);
        LogBuilder two = joined(2, R, 1, 2).deliver(B, R, 2).deliver(A, R, 1);

        CheckReport report = check(Optional.empty(), one, two);

        assertThat(broken(report)).contains(EvsRule.S6_1, EvsRule.A2);
        assertThat(report.text()).contains("DLV " + A + " before DLV " + B + " at 1");
    }

    @Test
    void seesAHoleInARegularConfiguration() {
        LogBuilder one = joined(1, R, 1, 2).deliver(A, R, 1).deliver(B, R, 2);
        assertBreaks(EvsRule.S6_3, one, joined(2, R, 1, 2).deliver(B, R, 2));
    }

    @Test
    void seesAHoleOfAMemberOfTheTransitionalConfiguration() {
        LogBuilder three =
                joined(3, R, 1, 2, 3).deliver(A, R, 1).deliver(B, R, 2).fail();
        LogBuilder two = joined(2, R, 1, 2, 3).transitional(R, S, ints(1, 2), ints(3));
        assertBreaks(EvsRule.S6_3, three, two.deliver(B, R, 2));
        LogBuilder alone =
                joined(2, R, 1, 2, 3).transitional(R, S2, ints(2), ints(1, 3)).deliver(B, R, 2);
        assertThat(broken(check(Optional.empty(), three, alone))).doesNotContain(EvsRule.S6_3);
    }

    @Test
    void seesASafeMessageThatAMemberMissed() {
        LogBuilder one = joined(1, R, 1, 2).deliverSafe(A, R, 1).fail();
        LogBuilder two =
                joined(2, R, 1, 2).transitional(R, S2, ints(2), ints(1)).regular(S2, 2);
        assertBreaks(EvsRule.S7_1, one, two);
        LogBuilder undecided = joined(2, R, 1, 2).transitional(R, S2, ints(2), ints(1));
        assertThat(broken(check(Optional.empty(), one, undecided))).doesNotContain(EvsRule.S7_1);
    }

    @Test
    void seesASafeMessageThatALeaverMissed() {
        LogBuilder one = joined(1, R, 1, 2).deliverSafe(A, R, 1);
        assertBreaks(EvsRule.S7_1, one, joined(2, R, 1, 2).left());
        LogBuilder alone = joined(2, R, 1, 2)
                .transitional(R, S2, ints(2), ints(1))
                .deliverSafe(A, R, 1)
                .left();
        assertThat(broken(check(Optional.empty(), one, alone))).doesNotContain(EvsRule.S7_1);
    }

    @Test
    void seesASafeMessageThatAMemberOfTheTransitionalConfigurationMissed() {
        LogBuilder one =
                joined(1, R, 1, 2).transitional(R, S, 1, 2).deliverSafe(A, R, 1).fail();
        LogBuilder two =
                joined(2, R, 1, 2).transitional(R, S2, ints(2), ints(1)).regular(S2, 2);
        assertBreaks(EvsRule.S7_1, one, two);
    }

    @Test
    void seesASafeMessageBeforeAllInstalledTheRing() {
        LogBuilder one = joined(1, R, 1, 2).deliverSafe(A, R, 1);
        assertBreaks(EvsRule.S7_2, one, log(2).regular(TWO, 2));
        List<EvsLog> logs = List.of(one.end(), log(2).regular(TWO, 2).end());
        EvsChecker lenient = new EvsChecker(CheckOptions.ofProcesses());
        assertThat(broken(lenient.check(logs, Optional.empty()))).doesNotContain(EvsRule.S7_2);
    }

    @Test
    void doesNotMissARingInALogWhoseTailIsLost() {
        LogBuilder one = joined(1, R, 1, 2).deliverSafe(A, R, 1);
        LogBuilder behind = log(2).regular(TWO, 2).failBehind();
        assertBreaks(EvsRule.S7_2, one, log(2).regular(TWO, 2).fail());
        assertThat(broken(check(Optional.empty(), one, behind))).doesNotContain(EvsRule.S7_2, EvsRule.S1_3);
    }

    // What the API adds

    @Test
    void seesASendConfirmedBeforeItsDelivery() {
        assertBreaks(EvsRule.A1, joined(1, R, 1, 2).submit(A).sent(A, R, 1).deliver(A, R, 1));
        assertBreaks(EvsRule.A1, joined(1, R, 1, 2).submit(A).deliver(A, R, 1).sent(A, S, 1));
    }

    @Test
    void seesPositionsThatDoNotGrow() {
        assertBreaks(EvsRule.A2, joined(1, R, 1, 2).deliver(A, R, 2).deliver(C, R, 1));
    }

    @Test
    void seesARefusedMessageDelivered() {
        assertBreaks(EvsRule.A3, joined(1, R, 1, 2).submit(A).deliver(A, R, 1).unsent(A, Fate.REFUSED));
        LogBuilder unknown = joined(1, R, 1, 2).submit(A).deliver(A, R, 1).unsent(A, Fate.UNKNOWN);
        assertThat(check(Optional.empty(), unknown).violations()).isEmpty();
    }

    @Test
    void seesASendThatNeverEnds() {
        assertThat(broken(check(end(set(1)), log(1).regular(ONE, 1).submit(A)))).containsExactly(EvsRule.A4);
        LogBuilder unanswered = log(1).regular(ONE, 1).submit(A).deliver(A, ONE, 1);
        assertThat(broken(check(end(set(1)), unanswered))).containsExactly(EvsRule.A4);
    }

    @Test
    void seesASendThatNeverEndsWithoutBeingToldWhatWasSent() {
        MessageId first = MessageId.ofContent(NodeId.of(1), new Position(ONE, 1, 0), new byte[] {1});
        MessageId second = MessageId.ofContent(NodeId.of(1), new Position(ONE, 2, 0), new byte[] {2});
        LogBuilder one = log(1).regular(ONE, 1).deliver(first, ONE, 1);

        assertThat(check(end(set(1)), one).notChecked())
                .containsEntry(EvsRule.A4, "the logs do not say what was sent, nor what was confirmed");
        one.sent(first, ONE, 1);
        assertThat(check(end(set(1)), one).violations()).isEmpty();
        one.deliver(second, ONE, 2);
        assertThat(broken(check(end(set(1)), one))).containsExactly(EvsRule.A4);
    }

    @Test
    void checksFourLogsOfFiftyThousandDeliveries() {
        List<EvsLog> logs = new ArrayList<>();
        for (int process = 1; process <= 4; process++) {
            LogBuilder log = joined(process, R, 1, 2, 3, 4);
            for (int i = 0; i < 50_000; i++) {
                MessageId mid = message(1 + i % 4, i);
                Guarantee guarantee = i % 3 == 0 ? Guarantee.SAFE : Guarantee.AGREED;
                if (mid.sender().value() == process) {
                    log.add(new LogEvent.Submit(mid, guarantee));
                }
                Position position = new Position(R, 1 + i / 10, i % 10);
                log.add(new LogEvent.Deliver(mid, mid.sender(), guarantee, position));
                if (mid.sender().value() == process) {
                    log.add(new LogEvent.Sent(mid, position));
                }
            }
            logs.add(log.end());
        }

        CheckReport report = new EvsChecker(CheckOptions.complete()).check(logs, end(set(1, 2, 3, 4)));

        assertThat(report.violations()).as(report.text()).isEmpty();
        assertThat(report.checked().get(EvsRule.S5_CAUSAL)).isGreaterThan(100_000);
    }

    private static void assertBreaks(EvsRule rule, LogBuilder... logs) {
        CheckReport report = check(Optional.empty(), logs);
        assertThat(broken(report)).as(report.text()).contains(rule);
    }

    private static CheckReport check(Optional<EndStatement> end, LogBuilder... logs) {
        return new EvsChecker(CheckOptions.complete())
                .check(List.of(logs).stream().map(LogBuilder::end).toList(), end);
    }

    private static List<EvsRule> broken(CheckReport report) {
        return report.violations().stream().map(Violation::rule).distinct().toList();
    }

    private static Optional<EndStatement> end(SortedSet<NodeId> component) {
        return Optional.of(new EndStatement(List.of(component)));
    }

    private static Optional<EndStatement> end(SortedSet<NodeId> one, SortedSet<NodeId> other) {
        return Optional.of(new EndStatement(List.of(one, other)));
    }

    private static SortedSet<NodeId> set(int... ids) {
        SortedSet<NodeId> set = new TreeSet<>();
        for (int id : ids) {
            set.add(NodeId.of(id));
        }
        return set;
    }

    private static int[] ints(int... values) {
        return values;
    }
}

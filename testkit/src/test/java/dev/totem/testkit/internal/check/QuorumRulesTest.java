/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import static dev.totem.testkit.internal.check.LogBuilder.joined;
import static dev.totem.testkit.internal.check.LogBuilder.message;
import static dev.totem.testkit.internal.check.LogBuilder.ring;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each rule for who may decide, kept and broken. */
class QuorumRulesTest {

    private static final RingId RING = ring(1, 8);
    private static final RingId LEFT = ring(1, 12);
    private static final RingId RIGHT = ring(3, 12);
    private static final MessageId MID = message(1, 1);

    private static LogBuilder in(int process, boolean isPrimary) {
        return joined(process, RING, 1, 2, 3).primary(isPrimary);
    }

    private static CheckReport check(LogBuilder... logs) {
        return new EvsChecker(CheckOptions.ofProcesses())
                .check(List.of(logs).stream().map(LogBuilder::end).toList(), Optional.empty());
    }

    private static List<EvsRule> broken(LogBuilder... logs) {
        return check(logs).violations().stream()
                .map(Violation::rule)
                .distinct()
                .filter(rule -> rule.name().startsWith("Q"))
                .toList();
    }

    private static LogBuilder alone(int process, RingId next, boolean isPrimary) {
        return in(process, true)
                .transitional(RING, next, new int[] {process}, others(process))
                .primary(true)
                .regular(next, process)
                .primary(isPrimary);
    }

    private static int[] others(int process) {
        return java.util.stream.IntStream.of(1, 2, 3)
                .filter(id -> id != process)
                .toArray();
    }

    @Test
    void oneMajorityIsRight() {
        LogBuilder pair = in(3, true)
                .transitional(RING, RIGHT, new int[] {2, 3}, new int[] {1})
                .primary(true)
                .regular(RIGHT, 2, 3)
                .primary(true);
        assertThat(broken(alone(1, LEFT, false), pair)).isEmpty();
    }

    @Test
    void membersThatDifferAreSeen() {
        assertThat(broken(in(1, true), in(2, false))).containsExactly(EvsRule.Q1);
    }

    @Test
    void twoThatDecideAreSeen() {
        assertThat(broken(alone(1, LEFT, true), alone(3, RIGHT, true))).containsExactly(EvsRule.Q2);
    }

    @Test
    void aTransitionalOneIsAsTheOneThatItEnds() {
        LogBuilder log = in(1, true)
                .transitional(RING, LEFT, new int[] {1}, new int[] {2, 3})
                .primary(false);
        assertThat(broken(log)).containsExactly(EvsRule.Q3);
    }

    @Test
    void whatIsOnlyForPrimariesIsNowhereElse() {
        LogBuilder right = in(1, true).submitOnlyInPrimary(MID).deliver(MID, RING, 1);
        LogBuilder wrong = in(1, false).submitOnlyInPrimary(MID).deliver(MID, RING, 1);
        assertThat(broken(right)).isEmpty();
        assertThat(broken(wrong)).containsExactly(EvsRule.Q4);
    }

    @Test
    void withoutAQuorumNothingIsSaid() {
        assertThat(check(joined(1, RING, 1, 2, 3)).notChecked()).containsKeys(EvsRule.Q1, EvsRule.Q2);
    }
}

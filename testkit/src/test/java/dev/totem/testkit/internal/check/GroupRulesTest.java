/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import static dev.totem.testkit.internal.check.LogBuilder.joined;
import static dev.totem.testkit.internal.check.LogBuilder.message;
import static dev.totem.testkit.internal.check.LogBuilder.ring;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each rule for the members of groups, kept and broken. */
class GroupRulesTest {

    private static final RingId RING = ring(1, 8);
    private static final RingId NEXT = ring(1, 12);
    private static final GroupName G = GroupName.of("g");

    private static LogBuilder in(int process) {
        return joined(process, RING, 1, 2);
    }

    private static LogEvent view(int seq, List<MemberId> members, List<MemberId> joined) {
        return new LogEvent.Group(G, members, joined, List.of(), false, new Position(RING, seq, 0));
    }

    private static LogEvent view(int seq, int... nodes) {
        return view(seq, members(nodes), members(nodes));
    }

    private static List<MemberId> members(int... nodes) {
        return IntStream.of(nodes)
                .mapToObj(node -> new MemberId(NodeId.of(node), 1, 1))
                .toList();
    }

    private static LogEvent delivered(int sender, int seq) {
        return new LogEvent.Deliver(
                message(sender, seq), NodeId.of(sender), Guarantee.AGREED, new Position(RING, seq, 0), List.of(G));
    }

    private static List<EvsRule> broken(LogBuilder... logs) {
        CheckReport report = new EvsChecker(CheckOptions.ofProcesses())
                .check(List.of(logs).stream().map(LogBuilder::end).toList(), Optional.empty());
        return report.violations().stream()
                .map(Violation::rule)
                .distinct()
                .filter(rule -> rule.name().startsWith("G"))
                .toList();
    }

    @Test
    void equalViewsAreRight() {
        assertThat(broken(
                        in(1).add(view(0, 1, 2)).add(delivered(1, 1)),
                        in(2).add(view(0, 1, 2)).add(delivered(1, 1))))
                .isEmpty();
    }

    @Test
    @Tag("P67")
    void aMemberFromOutsideTheConfigurationIsAGhost() {
        assertThat(broken(in(1).add(view(0, 1, 2, 3)))).containsExactly(EvsRule.G1);
    }

    @Test
    @Tag("P67")
    void aViewThatWasNotCutAtATransitionIsSeen() {
        LogBuilder log = in(1).add(view(0, 1, 2)).transitional(RING, NEXT, new int[] {1}, new int[] {2});

        assertThat(broken(log.add(view(3, 1, 2)))).containsExactly(EvsRule.G1);
    }

    @Test
    @Tag("P66")
    void viewsOfOneChangeDoNotDiffer() {
        assertThat(broken(in(1).add(view(0, 1, 2)), in(2).add(view(0, 2)))).containsExactly(EvsRule.G2);
    }

    @Test
    @Tag("P68")
    void viewsAtOneMessageDoNotDiffer() {
        List<MemberId> more = List.of(
                members(1).get(0), new MemberId(NodeId.of(1), 1, 2), members(2).get(0));

        assertThat(broken(
                        in(1).add(view(0, 1, 2)).add(delivered(2, 5)),
                        in(2).add(view(0, 1, 2)).add(view(4, more, more)).add(delivered(2, 5))))
                .containsExactly(EvsRule.G2);
    }

    @Test
    @Tag("P73")
    void whoSpeaksWasIntroduced() {
        LogBuilder home =
                in(1).add(view(0, 1, 2)).transitional(RING, NEXT, 1, 2).add(delivered(1, 5));
        LogBuilder away = in(2).add(view(0, 2)).transitional(RING, NEXT, 1, 2).add(delivered(1, 5));

        assertThat(broken(home, away)).contains(EvsRule.G3);
    }

    @Test
    void aMessageIsForMembers() {
        LogEvent left = new LogEvent.Group(G, members(2), List.of(), members(1), false, new Position(RING, 4, 0));

        assertThat(broken(in(1).add(view(0, 1, 2)).add(left).add(delivered(2, 5))))
                .containsExactly(EvsRule.G4);
    }
}

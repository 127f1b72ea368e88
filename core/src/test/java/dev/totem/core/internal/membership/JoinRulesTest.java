/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.join;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.origins;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.internal.membership.JoinRules.Outcome;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 3.4, rules J1 to J6 at node 2, which comes from a ring of 1, 2 and 3. */
class JoinRulesTest {

    private final RingMembers ring = new RingMembers(origins(1, 2, 3));
    private final CandidateSets sets = new CandidateSets(id(2), ring.ids());

    private Outcome apply(int from, List<NodeId> proc, List<NodeId> fail) {
        return JoinRules.apply(sets, ring, id(2), join(from, proc, fail, 8));
    }

    private void assertSets(List<NodeId> proc, List<NodeId> fail) {
        assertThat(sets.proc()).isEqualTo(proc);
        assertThat(sets.fail()).isEqualTo(fail);
    }

    @Test
    void j1SameSetsAreEqual() {
        sets.addFailed(ids(3));

        assertThat(apply(1, ids(1, 2, 3), ids(3))).isEqualTo(Outcome.EQUAL);
        assertSets(ids(1, 2, 3), ids(3));
    }

    @Test
    void aJoinWithMoreCandidatesThanARingCanHaveMembersChangesNothing() {
        List<NodeId> full = IntStream.rangeClosed(4, CommitToken.MEMBERS_MAX + 1)
                .mapToObj(NodeId::of)
                .toList();

        assertThat(apply(400, full, ids(4))).isEqualTo(Outcome.TOO_MANY);
        assertSets(ids(1, 2, 3), ids());

        assertThat(apply(400, full.subList(1, full.size()), ids())).isEqualTo(Outcome.CHANGED);
        assertThat(sets.proc()).hasSize(CommitToken.MEMBERS_MAX);
    }

    @Test
    void j1ComesBeforeJ3() {
        sets.addFailed(ids(3));

        assertThat(apply(3, ids(1, 2, 3), ids(3))).isEqualTo(Outcome.EQUAL);
    }

    @Test
    void j2SubsetsAreBehindAndChangeNothing() {
        sets.addFailed(ids(3));

        assertThat(apply(1, ids(1, 2), ids())).isEqualTo(Outcome.BEHIND);
        assertThat(apply(1, ids(1, 2, 3), ids())).isEqualTo(Outcome.BEHIND);
        assertSets(ids(1, 2, 3), ids(3));
    }

    @Test
    void j3WhoWasGivenUpOnIsNotResurrected() {
        sets.addFailed(ids(3));

        assertThat(apply(3, ids(1, 2, 3, 4), ids(1))).isEqualTo(Outcome.SENDER_FAILED);
        assertSets(ids(1, 2, 3), ids(3));
    }

    @Test
    void j4CandidatesAreMerged() {
        assertThat(apply(4, ids(4, 5), ids())).isEqualTo(Outcome.CHANGED);
        assertSets(ids(1, 2, 3, 4, 5), ids());
    }

    @Test
    void j5WhoExcludesThisProcessorIsExcludedAndNobodyElse() {
        assertThat(apply(1, ids(1, 2, 3), ids(2, 3))).isEqualTo(Outcome.CHANGED);
        assertSets(ids(1, 2, 3), ids(1));
    }

    @Test
    void j5AMembersFailListIsMerged() {
        assertThat(apply(1, ids(1, 2, 3), ids(3))).isEqualTo(Outcome.CHANGED);
        assertSets(ids(1, 2, 3), ids(3));
    }

    @Test
    @Tag("P15")
    void j5AnOutsiderCannotEjectMembers() {
        assertThat(apply(4, ids(1, 2, 3, 4), ids(3))).isEqualTo(Outcome.CHANGED);
        assertSets(ids(1, 2, 3, 4), ids());
    }

    @Test
    void j5AnOutsidersNewsOfStrangersIsUsed() {
        assertThat(apply(4, ids(3, 4, 5, 6), ids(3, 5))).isEqualTo(Outcome.CHANGED);
        assertSets(ids(1, 2, 3, 4, 5, 6), ids(5));
    }

    @Test
    void j5AnotherLifeOfAMemberIsAnOutsider() {
        Join reborn = new Join(origin(1, 2), ids(1, 2, 3, 4), ids(3), 8, 0);

        assertThat(JoinRules.apply(sets, ring, id(2), reborn)).isEqualTo(Outcome.CHANGED);
        assertSets(ids(1, 2, 3, 4), ids());
    }

    @Test
    void j5AnOutsiderThatExcludesThisProcessorIsExcluded() {
        assertThat(apply(4, ids(2, 4), ids(2))).isEqualTo(Outcome.CHANGED);
        assertSets(ids(1, 2, 3, 4), ids(4));
    }

    @Test
    void j6IsSkippedWhenNothingOfItIsUsed() {
        sets.addCandidates(ids(4));

        assertThat(apply(4, ids(4), ids(3))).isNotEqualTo(Outcome.CHANGED);
        assertSets(ids(1, 2, 3, 4), ids());
    }

    @Test
    @Tag("P22")
    void aLeaveExcludesItsSender() { // PROTOCOL.md 2.5
        Leave leave = new Leave(origin(3), ids(1, 2), ids(3), 8);

        assertThat(JoinRules.apply(sets, ring, id(2), leave)).isEqualTo(Outcome.CHANGED);
        assertSets(ids(1, 2, 3), ids(3));
    }

    @Test
    void theSetsOnlyGrowWhateverIsHeard() {
        java.util.Random chance = new java.util.Random(5);
        for (int i = 0; i < 2000; i++) {
            List<NodeId> proc = sets.proc();
            List<NodeId> fail = sets.fail();

            apply(1 + chance.nextInt(8), some(chance), some(chance));

            assertThat(sets.proc()).containsAll(proc);
            assertThat(sets.fail()).containsAll(fail).doesNotContain(id(2));
            assertThat(sets.proc()).containsAll(sets.fail());
        }
    }

    private static List<NodeId> some(java.util.Random chance) {
        return ids(java.util.stream.IntStream.rangeClosed(1, 8)
                .filter(node -> chance.nextInt(4) == 0)
                .toArray());
    }
}

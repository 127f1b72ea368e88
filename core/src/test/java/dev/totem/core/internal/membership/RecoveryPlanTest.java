/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static dev.totem.core.internal.paper.Crafted.entry;
import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.origins;
import static dev.totem.core.internal.paper.Crafted.ring;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.ordering.DeliveryCursor;
import dev.totem.core.internal.ordering.RingOrder;
import dev.totem.core.internal.settings.NodeSettings;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 3.6 step 4 at node 1, which holds 1 to 6 and 8 of a ring of 1, 2 and 3. */
class RecoveryPlanTest {

    private static final RingId OLD = ring(1, 8);
    private static final RingId OTHER = ring(4, 20);

    private final RingOrder order =
            new RingOrder(OLD, origin(1), NodeSettings.defaults().flow(), 125_000_000);
    private final OldRing old =
            new OldRing(new RingMembers(origins(1, 2, 3)), order, new DeliveryCursor(order.store(), 0));

    @BeforeEach
    void holdSome() {
        LongStream.of(1, 2, 3, 4, 5, 6, 8).forEach(seq -> old.file(message(2, OLD, seq)));
    }

    private RecoveryPlan plan(CommitEntry... entries) {
        List<CommitEntry> table = List.of(entries);
        return RecoveryPlan.of(
                new CommitToken(
                        origin(1),
                        ring(1, 24),
                        4,
                        table.stream().map(entry -> entry.member().node()).toList(),
                        table),
                old);
    }

    private static Stream<Long> seqs(RecoveryPlan plan) {
        return plan.toSend().stream().map(OrderedMessage::seq);
    }

    @Test
    void whoComesFromTheSameRingIsTransitional() {
        RecoveryPlan plan = plan(entry(1, OLD, 6, 0, false), entry(3, OLD, 6, 0, false), entry(4, OTHER, 9, 9, false));

        assertThat(plan.transitional()).isEqualTo(ids(1, 3));
    }

    @Test
    @Tag("P8")
    void whoCameBackFromElsewhereIsNotTransitional() {
        RecoveryPlan plan = plan(entry(1, OLD, 6, 0, false), entry(2, OTHER, 6, 0, false));

        assertThat(plan.transitional()).isEqualTo(ids(1));
    }

    @Test
    @Tag("P1")
    void whoRestartedIsNotTransitionalWhateverRingItNames() {
        RecoveryPlan plan = plan(entry(1, OLD, 6, 0, false), new CommitEntry(origin(2, 9), OLD, 0, 0, false));

        assertThat(plan.transitional()).isEqualTo(ids(1));
        assertThat(seqs(plan)).containsExactly(8L);
    }

    @Test
    void ringsWithTheSameNumberAreNotTheSame() {
        RecoveryPlan plan = plan(entry(1, OLD, 6, 0, false), entry(2, ring(2, 8), 6, 0, false));

        assertThat(plan.transitional()).isEqualTo(ids(1));
    }

    @Test
    void sendsAllThatItHoldsAboveTheLowestAruInOrder() {
        RecoveryPlan plan = plan(entry(1, OLD, 6, 0, false), entry(2, OLD, 3, 0, false), entry(3, OLD, 8, 0, false));

        assertThat(seqs(plan)).containsExactly(4L, 5L, 6L, 8L);
    }

    @Test
    void arusOfOtherRingsDoNotMatter() {
        RecoveryPlan plan = plan(entry(1, OLD, 6, 0, false), entry(2, OLD, 7, 0, false), entry(4, OTHER, 1, 0, false));

        assertThat(seqs(plan)).containsExactly(8L);
    }

    private void obliged() {
        old.release(ids(1, 2, 3));
        old.oblige();
    }

    @Test
    void sendsNothingWhenAllMetTheirObligation() {
        obliged();

        RecoveryPlan plan = plan(entry(1, OLD, 6, 0, true), entry(2, OLD, 3, 0, true));

        assertThat(plan.toSend()).isEmpty();
        assertThat(old.isObliged()).isTrue();
        assertThat(old.mustDeliver(id(3))).as("the remembered one").isTrue();
    }

    @Test
    void oneMemberWithoutThePromiseMakesTheOldOneVoid() {
        obliged();

        RecoveryPlan plan = plan(entry(1, OLD, 6, 0, true), entry(2, OLD, 3, 0, false));

        assertThat(seqs(plan)).containsExactly(4L, 5L, 6L, 8L);
        assertThat(old.isObliged()).isFalse();
        assertThat(old.mustDeliver(id(2))).isTrue();
        assertThat(old.mustDeliver(id(3))).isFalse();
    }

    @Test
    void aStrangersFlagIsNoReasonToBreakAPromise() {
        obliged();

        plan(entry(1, OLD, 6, 0, true), entry(2, OLD, 6, 0, true), entry(4, OTHER, 3, 0, false));

        assertThat(old.isObliged()).isTrue();
    }

    @Test
    void takesOverTheHighestDeliveredNumber() {
        plan(entry(1, OLD, 6, 2, false), entry(2, OLD, 6, 5, false), entry(4, OTHER, 99, 99, false));

        assertThat(old.safeLine()).isEqualTo(5);
    }
}

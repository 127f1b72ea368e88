/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.paper;

import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.join;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.ring;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.settings.NodeSettings;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The largest ring is full: who comes after does not disturb it, and no Join grows beyond what receivers read. */
class RingSizeTest {

    private static final int MAX = CommitToken.MEMBERS_MAX;

    @Test
    void aFullRingIsNotDisturbedByAnother() {
        SoloMachine solo = SoloMachine.inRing(1, upTo(MAX));

        solo.receive(new MergeDetect(origin(MAX + 1), ring(MAX + 1, 4), ids(MAX + 1), ids()));
        solo.receive(join(MAX + 1, ids(MAX + 1), ids(), 4));

        assertThat(solo.machine.phase()).isEqualTo(RingPhase.OPERATIONAL);
        assertThat(solo.drops).containsExactly(DropReason.RING_FULL, DropReason.RING_FULL);
        assertThat(solo.effects).isEmpty();
    }

    @Test
    void aRingThatWouldNotFitIsNoReasonToGather() {
        SoloMachine solo = SoloMachine.inRing(1, 1, 2, 3);
        int[] others = IntStream.rangeClosed(4, MAX + 1).toArray();

        solo.receive(new MergeDetect(origin(4), ring(4, 4), ids(others), ids()));

        assertThat(solo.drops).containsExactly(DropReason.RING_FULL);
        assertThat(solo.machine.phase()).isEqualTo(RingPhase.OPERATIONAL);
    }

    @Test
    void candidatesBeyondTheLargestRingAreIgnoredWhileGathering() {
        SoloMachine solo = SoloMachine.started(1);
        solo.receive(join(2, ids(upTo(MAX)), ids(), 4));
        solo.clear();

        solo.receive(join(MAX + 1, ids(MAX + 1), ids(), 4));
        solo.receive(new MergeDetect(origin(MAX + 1), ring(MAX + 1, 4), ids(MAX + 1), ids()));
        solo.receive(join(2, ids(2, MAX + 1), ids(), 4));

        assertThat(solo.drops).containsExactly(DropReason.RING_FULL, DropReason.RING_FULL, DropReason.RING_FULL);
        solo.pass(NodeSettings.defaults().timing().join().multipliedBy(2));
        assertThat(solo.effects)
                .filteredOn(Effect.Multicast.class::isInstance)
                .isNotEmpty()
                .allSatisfy(effect -> assertThat(((Join) ((Effect.Multicast) effect).message()).proc())
                        .hasSize(MAX));
    }

    private static int[] upTo(int max) {
        return IntStream.rangeClosed(1, max).toArray();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.paper;

import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.ring;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.GatherReason;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;

/** What the tests of the transition tables say again and again. */
final class MembershipAsserts {

    static final Duration TOKEN = NodeSettings.defaults().timing().token();
    static final Duration CONSENSUS = NodeSettings.defaults().timing().consensus();
    static final Duration JOIN = NodeSettings.defaults().timing().join();
    static final RingId FOREIGN = ring(9, 4);
    static final Duration MOMENT = Duration.ofNanos(1);

    private MembershipAsserts() {}

    static void assertStays(SoloMachine solo, RingPhase phase, DropReason reason, ProtocolMessage message) {
        solo.clear();

        solo.receive(message);

        assertThat(solo.phase()).isEqualTo(phase);
        assertThat(solo.drops).containsExactly(reason);
        assertThat(solo.effects).isEmpty();
    }

    static void assertGathers(SoloMachine solo, GatherReason reason, ProtocolMessage message) {
        solo.clear();

        solo.receive(message);

        assertGathering(solo, reason);
    }

    static void assertGathering(SoloMachine solo, GatherReason reason) {
        assertThat(solo.phase()).isEqualTo(RingPhase.GATHER);
        assertThat(solo.entered).startsWith(reason.name());
        assertThat(solo.multicasts(Join.class)).as("announces itself").hasSize(1);
    }

    /** What it proposed last, as the papers have it. */
    static Join lastJoin(SoloMachine solo) {
        List<Join> joins = solo.multicasts(Join.class);
        return asInThePapers(joins.get(joins.size() - 1));
    }

    /** Without what is ours: who was heard, and why there is a search. */
    static Join asInThePapers(Join join) {
        return new Join(
                join.origin(), join.proc(), join.fail(), join.ringSeq(), join.rotations(), List.of(), join.profile());
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import static dev.totem.testkit.internal.sim.invariants.Forged.FRESH;
import static dev.totem.testkit.internal.sim.invariants.Forged.RING;
import static dev.totem.testkit.internal.sim.invariants.Forged.nodes;
import static dev.totem.testkit.internal.sim.invariants.Forged.on;
import static dev.totem.testkit.internal.sim.invariants.Forged.origin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.internal.membership.RingAgreement;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.settings.WireVersions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories that break W12, and one that does not. */
class VersionsTest {

    private static final Input NOTHING = new Input.TimerDue();
    private static final Effect INSTALL = new Effect.Install(ConfigChange.regular(RING, nodes(1, 2, 3), nodes(2, 3)));

    private final RingInvariants invariants = new RingInvariants(() -> 7_000_000);
    private final LifeWatch one = begin(1);
    private final LifeWatch two = begin(2);
    private final LifeWatch three = begin(3);

    private LifeWatch begin(int node) {
        return invariants.begin(NodeId.of(node), "test", new LifeWatch.Clock() {
            @Override
            public long nowNanos() {
                return 1_000;
            }

            @Override
            public boolean isDead() {
                return false;
            }
        });
    }

    private static Effect understands(int node, int highest) {
        Profile profile = new Profile(new WireVersions(1, highest), List.of());
        return new Effect.Multicast(
                new Join(origin(node), nodes(node), List.of(), 0, 0, List.of(), profile, List.of()));
    }

    private static Effect speaks(int version) {
        return new Effect.Agreed(new RingAgreement(1, NodeId.of(1), 0, version));
    }

    private void allSayWhatTheyUnderstand() {
        one.stepped(NOTHING, on(1, RingPhase.GATHER, FRESH), List.of(understands(1, 3)));
        two.stepped(NOTHING, on(2, RingPhase.GATHER, FRESH), List.of(understands(2, 2)));
        three.stepped(NOTHING, on(3, RingPhase.GATHER, FRESH), List.of(understands(3, 3)));
    }

    @Test
    void w12AllowsTheHighestVersionOfAll() {
        allSayWhatTheyUnderstand();

        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of(INSTALL, speaks(2)));
        two.stepped(NOTHING, on(2, RingPhase.OPERATIONAL, FRESH), List.of(INSTALL, speaks(2)));

        assertKept();
    }

    @Test
    void w12SeesAVersionThatAMemberDoesNotUnderstand() {
        allSayWhatTheyUnderstand();

        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of(INSTALL, speaks(3)));

        assertBroken();
    }

    @Test
    void w12SeesALowerVersionThanAllUnderstand() {
        allSayWhatTheyUnderstand();

        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of(INSTALL, speaks(1)));

        assertBroken();
    }

    @Test
    void w12SeesAVersionThatHoldsBeforeItsConfiguration() {
        allSayWhatTheyUnderstand();

        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of(speaks(2), INSTALL));

        assertBroken();
    }

    @Test
    void w12SeesAConfigurationWithoutAVersion() {
        one.stepped(NOTHING, on(1, RingPhase.OPERATIONAL, FRESH), List.of(INSTALL));

        assertBroken();
    }

    private void assertKept() {
        assertThat(invariants.failures()).isEmpty();
    }

    private void assertBroken() {
        assertThat(invariants.failures()).singleElement().asString().startsWith("W12 ");
    }
}

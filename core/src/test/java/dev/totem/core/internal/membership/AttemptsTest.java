/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.origin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Join;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 3.4: the thesis' termination rule, at node 1. */
class AttemptsTest {

    private static final List<NodeId> RING = ids(1, 2, 3);

    private final Attempts attempts = new Attempts();
    private final RememberedJoins joins = new RememberedJoins(id(1));

    private void attempt(List<NodeId> members, int times) {
        for (int i = 0; i < times; i++) {
            attempts.committed(members);
            attempts.forwarded();
        }
    }

    private void says(int node, int rotations) {
        joins.remember(new Join(origin(node), RING, List.of(), 8, rotations));
    }

    private Optional<NodeId> toGiveUp(List<NodeId> members) {
        return attempts.toGiveUp(members, id(1), joins);
    }

    @Test
    void givesUpOnNobodyBeforeThreeAttempts() {
        says(2, 0);
        assertThat(toGiveUp(RING)).isEmpty();
        attempt(RING, 2);
        assertThat(toGiveUp(RING)).isEmpty();

        attempt(RING, 1);

        assertThat(toGiveUp(RING)).isPresent();
    }

    @Test
    void givesUpOnWhoForwardedTheFewestTokens() {
        attempt(RING, 3);
        says(2, 2);
        says(3, 1);

        assertThat(toGiveUp(RING)).contains(id(3));
    }

    @Test
    void amongEqualsOnTheFirstInRingOrder() {
        attempt(RING, 3);
        says(2, 0);
        says(3, 0);

        assertThat(toGiveUp(RING)).contains(id(2));
    }

    @Test
    void givesUpOnItselfIfThatIsTheCulprit() {
        attempt(RING, 3);
        says(2, 4);
        says(3, 4);

        assertThat(toGiveUp(RING)).contains(id(1));
    }

    @Test
    void anotherMembershipStartsTheCountAgain() {
        attempt(RING, 2);
        attempt(ids(1, 2), 1);
        assertThat(attempts.rotations()).isEqualTo(1);

        attempt(RING, 1);

        assertThat(toGiveUp(RING)).isEmpty();
        assertThat(toGiveUp(ids(1, 2))).isEmpty();
    }

    @Test
    void aRingOfTwoIsGivenUp() {
        attempt(ids(1, 2), 3);

        assertThat(toGiveUp(ids(1, 2))).contains(id(2));
    }

    @Test
    void aRingOfOneIsNeverGivenUp() {
        attempt(ids(1), 10);

        assertThat(toGiveUp(ids(1))).isEmpty();
    }

    @Test
    void countsWhatItForwardedWhileTryingOneMembership() {
        attempts.committed(RING);
        attempts.forwarded();
        attempts.forwarded();
        attempts.committed(RING);
        attempts.forwarded();

        assertThat(attempts.rotations()).isEqualTo(3);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.Crafted.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 3.9 and 4.7 at node 2, with a limit of 5 visits and 100 ns. */
class ReceiveFailureTest {

    private static final RingId RING = ring(1, 8);

    private final ReceiveFailure failure = new ReceiveFailure(id(2), 5, 100);

    private Optional<NodeId> visit(long aru, int owner, long now) {
        return failure.visited(token(RING).seq(20).aru(aru, owner).token(), now);
    }

    @Test
    void accusesTheOwnerOfAStuckAruAfterTheLimitAndTheTime() {
        for (int visits = 0; visits <= 5; visits++) {
            assertThat(visit(10, 3, visits)).isEmpty();
        }

        assertThat(visit(10, 3, 99)).isEmpty();
        assertThat(visit(10, 3, 100)).contains(id(3));
    }

    @Test
    void timeAloneIsNotEnough() {
        visit(10, 3, 0);
        for (int visits = 1; visits <= 5; visits++) {
            assertThat(visit(10, 3, 1000L * visits)).as("visit " + visits).isEmpty();
        }

        assertThat(visit(10, 3, 6000)).contains(id(3));
    }

    @Test
    void neverAccusesItselfWhileTheOthersCan() { // unlike D1
        for (int visits = 0; visits < 50; visits++) {
            assertThat(visit(10, 2, 4L * visits)).isEmpty();
        }
    }

    /** A number that the token has assigned and nobody has: a ring of one would wait for ever. */
    @Test
    void namesItselfWhenNobodyElseDoes() {
        for (int visits = 0; visits < 20; visits++) {
            visit(10, 2, 1000L * visits);
        }

        assertThat(visit(10, 2, 20_000)).contains(id(2));
    }

    @Test
    void anAruThatMovesStartsTheCountAndTheTimeAgain() {
        for (int visits = 0; visits <= 5; visits++) {
            visit(10, 3, visits);
        }
        visit(11, 3, 1000);

        for (int visits = 1; visits <= 5; visits++) {
            assertThat(visit(11, 3, 2000)).isEmpty();
        }
        assertThat(visit(11, 3, 1099)).isEmpty();
        assertThat(visit(11, 3, 1100)).contains(id(3));
    }

    @Test
    void nobodyIsAccusedWhenNobodyOwnsTheAru() {
        for (int visits = 0; visits < 50; visits++) {
            assertThat(visit(20, 0, 1000L * visits)).isEmpty();
        }

        assertThat(visit(20, 3, 51_000)).as("a new owner gets the full time").isEmpty();
    }

    @Test
    void anotherOwnerOfTheSameAruIsAccusedInItsPlace() {
        for (int visits = 0; visits <= 5; visits++) {
            visit(10, 3, 1000L * visits);
        }

        assertThat(visit(10, 1, 9000)).contains(id(1));
    }
}

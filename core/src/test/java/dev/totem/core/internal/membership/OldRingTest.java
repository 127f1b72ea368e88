/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static dev.totem.core.internal.paper.Crafted.entry;
import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.origins;
import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.Crafted.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.Vote;
import dev.totem.core.internal.ordering.DeliveryCursor;
import dev.totem.core.internal.ordering.Origination;
import dev.totem.core.internal.ordering.Restraint;
import dev.totem.core.internal.ordering.RingOrder;
import dev.totem.core.internal.ordering.TokenVisit;
import dev.totem.core.internal.settings.NodeSettings;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 3.8 at node 1, which comes from a ring of 1, 2 and 3. */
class OldRingTest {

    private static final RingId RING = ring(1, 8);

    private final RingOrder order =
            new RingOrder(RING, origin(1), NodeSettings.defaults().flow(), 125_000_000);
    private final DeliveryCursor cursor = new DeliveryCursor(order.store(), 0);

    private OldRing old() {
        return new OldRing(new RingMembers(origins(1, 2, 3)), order, cursor);
    }

    private void deliver(long upTo) {
        for (long seq = 1; seq <= upTo; seq++) {
            order.store().file(message(2, RING, seq));
        }
        cursor.deliver(-1, message -> {});
    }

    @Test
    void reportsWhatItReceivedAndDelivered() {
        deliver(3);
        OldRing old = old();
        old.file(message(2, RING, 4));

        assertThat(old.entry(origin(1), Vote.NONE)).isEqualTo(entry(1, RING, 4, 3, false));
    }

    @Test
    void messagesRecoveredInAFailedAttemptRaiseTheReportedAru() { // PROTOCOL.md 3.8, unlike D6
        deliver(1);
        OldRing old = old();
        old.file(message(3, RING, 3));
        assertThat(old.entry(origin(1), Vote.NONE).aru()).isEqualTo(1);

        old.file(message(2, RING, 2));

        assertThat(old.entry(origin(1), Vote.NONE).aru()).isEqualTo(3);
    }

    @Test
    @Tag("P12")
    void filesNothingOfAnotherRingOrOfAnotherLife() {
        OldRing old = old();

        old.file(message(2, ring(1, 12), 1));
        old.file(message(2, ring(2, 8), 1));
        old.file(new RegularMessage(origin(2, 7), RING, 1, Guarantee.AGREED, ByteBuffer.allocate(0)));
        old.file(message(9, RING, 1));

        assertThat(old.store().highReceived()).isZero();
    }

    @Test
    void isNotObligedAtFirst() {
        OldRing old = old();

        assertThat(old.isObliged()).isFalse();
        assertThat(old.mustDeliver(id(2))).isFalse();
    }

    @Test
    void anObligationIsReportedAndKeepsItsSenders() {
        OldRing old = old();

        old.release(ids(1, 2));
        old.oblige();

        assertThat(old.isObliged()).isTrue();
        assertThat(old.entry(origin(1), Vote.NONE).received()).isTrue();
        assertThat(old.mustDeliver(id(2))).isTrue();
        assertThat(old.mustDeliver(id(3))).isFalse();
    }

    @Test
    void aVoidObligationIsReplaced() {
        OldRing old = old();
        old.release(ids(1, 2, 3));
        old.oblige();

        old.release(ids(1, 3));

        assertThat(old.isObliged()).isFalse();
        assertThat(old.entry(origin(1), Vote.NONE).received()).isFalse();
        assertThat(old.mustDeliver(id(2))).isFalse();
        assertThat(old.mustDeliver(id(3))).isTrue();
    }

    @Test
    void theHighestDeliveredNumberThatWasHeardOfIsKept() {
        deliver(3);
        OldRing old = old();

        old.delivered(7);
        old.delivered(5);

        assertThat(old.entry(origin(1), Vote.NONE).highDelivered()).isEqualTo(7);
        assertThat(old.safeLine()).isEqualTo(7);
    }

    @Test
    void theSafeLineIsTheHigherOfItsOwnAndWhatAnybodyDelivered() { // PROTOCOL.md 4.11, old-ring rule
        for (long seq = 1; seq <= 4; seq++) {
            order.store().file(message(2, RING, seq));
        }
        visit(0);
        visit(3);
        OldRing old = old();
        assertThat(old.safeLine()).isEqualTo(4);

        old.delivered(9);

        assertThat(old.safeLine()).isEqualTo(9);
    }

    private void visit(long hop) {
        Origination nothing = new Origination() {
            @Override
            public int backlog() {
                return 0;
            }

            @Override
            public Optional<OrderedMessage> next(long seq) {
                return Optional.empty();
            }
        };
        TokenVisit.of(
                order, token(RING).seq(4).aru(4, 0).hop(hop).token(), nothing, 0, Restraint.NONE, 0, message -> {});
    }
}

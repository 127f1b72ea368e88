/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.Crafted.safe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.RecoveredMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 4.9 and 4.11. */
class DeliveryCursorTest {

    private static final RingId RING = ring(1, 8);
    private static final long NO_LINE = -1;

    private final MessageStore store = new MessageStore(64);
    private final DeliveryCursor cursor = new DeliveryCursor(store, 0);

    private List<Long> deliver(long safeLine) {
        List<Long> delivered = new ArrayList<>();
        int count = cursor.deliver(safeLine, message -> delivered.add(message.seq()));
        assertThat(count).isEqualTo(delivered.size());
        return delivered;
    }

    @Test
    void deliversInOrderWhateverTheOrderOfArrival() {
        store.file(message(1, RING, 2));
        assertThat(deliver(NO_LINE)).isEmpty();
        store.file(message(2, RING, 3));
        store.file(message(3, RING, 1));

        assertThat(deliver(NO_LINE)).containsExactly(1L, 2L, 3L);
        assertThat(cursor.highDelivered()).isEqualTo(3);
    }

    @Test
    void stopsAtAGapAndGoesOnBehindItLater() {
        store.file(message(1, RING, 1));
        store.file(message(1, RING, 3));
        assertThat(deliver(NO_LINE)).containsExactly(1L);

        store.file(message(1, RING, 2));

        assertThat(deliver(NO_LINE)).containsExactly(2L, 3L);
    }

    @Test
    void deliversNothingTwice() {
        store.file(message(1, RING, 1));
        deliver(NO_LINE);

        assertThat(deliver(NO_LINE)).isEmpty();
    }

    @Test
    void aSafeMessageWaitsForTheSafeLine() {
        store.file(safe(1, RING, 1));
        assertThat(deliver(NO_LINE)).isEmpty();
        assertThat(deliver(0)).isEmpty();

        assertThat(deliver(1)).containsExactly(1L);
    }

    @Test
    void aSafeMessageHoldsBackWhatIsBehindIt() {
        store.file(message(1, RING, 1));
        store.file(safe(1, RING, 2));
        store.file(message(1, RING, 3));

        assertThat(deliver(1)).containsExactly(1L);
        assertThat(cursor.highDelivered()).isEqualTo(1);
        assertThat(deliver(2)).containsExactly(2L, 3L);
    }

    @Test
    void passesOverRecoveryMessages() {
        for (long seq = 1; seq <= 3; seq++) {
            store.file(new RecoveredMessage(origin(1), RING, seq, message(1, ring(1, 4), 9)));
        }
        store.file(message(1, RING, 4));

        assertThat(deliver(NO_LINE)).containsExactly(4L);
        assertThat(cursor.highDelivered()).isEqualTo(4);
    }

    @Test
    void startsBehindWhatIsPassedOver() {
        DeliveryCursor later = new DeliveryCursor(store, 2);
        store.file(message(1, RING, 1));
        store.file(message(1, RING, 2));
        store.file(message(1, RING, 3));
        List<Long> delivered = new ArrayList<>();

        later.deliver(NO_LINE, message -> delivered.add(message.seq()));

        assertThat(delivered).containsExactly(3L);
    }
}

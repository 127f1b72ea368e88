/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.ring;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.ordering.MessageStore.Filed;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageStoreTest {

    private static final RingId RING = ring(1, 8);

    private final MessageStore store = new MessageStore(8);

    private Filed file(long seq) {
        return store.file(message(1, RING, seq));
    }

    @Test
    void startsEmptyWithNothingReceived() {
        assertThat(store.aru()).isZero();
        assertThat(store.highReceived()).isZero();
        assertThat(store.released()).isZero();
        assertThat(store.holds(1)).isFalse();
        assertThat(store.get(1)).isEmpty();
    }

    @Test
    void aruFollowsMessagesInOrder() {
        file(1);
        file(2);

        assertThat(store.aru()).isEqualTo(2);
        assertThat(store.highReceived()).isEqualTo(2);
    }

    @Test
    void aruStopsBeforeAGapAndJumpsWhenItIsFilled() {
        file(1);
        file(3);
        file(4);
        assertThat(store.aru()).isEqualTo(1);
        assertThat(store.highReceived()).isEqualTo(4);

        file(2);

        assertThat(store.aru()).isEqualTo(4);
    }

    @Test
    void keepsTheFirstOfTwoMessagesWithOneNumber() {
        var first = message(1, RING, 1);
        store.file(first);

        assertThat(store.file(message(2, RING, 1))).isEqualTo(Filed.DUPLICATE);
        assertThat(store.get(1)).containsSame(first);
    }

    @Test
    void knowsTheHighestNumberOfEachSenderAlsoWhenItWasReleased() {
        store.file(message(1, RING, 1));
        store.file(message(2, RING, 3));
        store.file(message(1, RING, 4));
        store.file(message(2, RING, 2));
        store.file(message(3, RING, 2));
        store.release(4);

        assertThat(store.sent()).containsExactly(Map.entry(NodeId.of(1), 4L), Map.entry(NodeId.of(2), 3L));
    }

    @Test
    void refusesNumbersThatWereReleased() {
        file(1);
        store.release(1);

        assertThat(file(1)).isEqualTo(Filed.DUPLICATE);
        assertThat(file(0)).isEqualTo(Filed.DUPLICATE);
        assertThat(store.holds(1)).isFalse();
    }

    @Test
    void holdsExactlyItsCapacityAboveWhatWasReleased() {
        assertThat(file(8)).isEqualTo(Filed.NEW);
        assertThat(file(9)).isEqualTo(Filed.OUT_OF_RANGE);
        assertThat(store.highReceived()).isEqualTo(8);
        assertThat(store.holds(8)).isTrue();
        assertThat(store.holds(16)).as("the slot of 8").isFalse();

        file(1);
        store.release(1);

        assertThat(file(9)).isEqualTo(Filed.NEW);
        assertThat(store.holds(1)).as("the slot of 9").isFalse();
    }

    @Test
    void releasesUpToTheNumberAndNothingElse() {
        for (long seq = 1; seq <= 5; seq++) {
            file(seq);
        }

        store.release(3);

        assertThat(store.released()).isEqualTo(3);
        assertThat(store.get(3)).isEmpty();
        assertThat(store.get(4)).isPresent();
        assertThat(store.aru()).isEqualTo(5);
    }

    @Test
    void neverGoesBackWhenReleasing() {
        for (long seq = 1; seq <= 5; seq++) {
            file(seq);
        }
        store.release(4);

        store.release(2);
        store.release(-1);

        assertThat(store.released()).isEqualTo(4);
        assertThat(file(3)).isEqualTo(Filed.DUPLICATE);
    }

    @Test
    void goesRoundItsSlotsManyTimes() {
        for (long seq = 1; seq <= 1000; seq++) {
            assertThat(file(seq)).isEqualTo(Filed.NEW);
            assertThat(store.get(seq)).isPresent();
            store.release(seq - 2);
        }

        assertThat(store.aru()).isEqualTo(1000);
        assertThat(store.released()).isEqualTo(998);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.ring;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryQueueTest {

    private static final RingId OLD = ring(1, 8);
    private static final RingId NEW = ring(1, 12);

    private final RegularMessage four = message(2, OLD, 4);
    private final RegularMessage seven = message(3, OLD, 7);
    private final RecoveryQueue queue = new RecoveryQueue(origin(1), NEW, List.of(seven, four));

    @Test
    void sendsTheOldMessagesUnchangedInTheirOrder() {
        assertThat(queue.next(1)).contains(new RecoveredMessage(origin(1), NEW, 1, four));
        assertThat(queue.next(2)).contains(new RecoveredMessage(origin(1), NEW, 2, seven));
        assertThat(queue.next(3)).isEmpty();
    }

    @Test
    void itsBacklogIsWhatIsLeft() {
        assertThat(queue.backlog()).isEqualTo(2);

        queue.next(1);

        assertThat(queue.backlog()).isEqualTo(1);
    }

    @Test
    void doesNotSendWhatSomebodyElseWasHeardToSend() {
        queue.heard(message(2, OLD, 4));

        assertThat(queue.backlog()).isEqualTo(1);
        assertThat(queue.next(1)).contains(new RecoveredMessage(origin(1), NEW, 1, seven));
    }

    @Test
    void theSameNumberOfAnotherOldRingIsAnotherMessage() {
        queue.heard(message(2, ring(2, 8), 4));
        queue.heard(message(2, OLD, 5));

        assertThat(queue.backlog()).isEqualTo(2);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularToken;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnservedRequestsTest {

    private static final long PATIENCE = 1_000;

    private final UnservedRequests requests = new UnservedRequests(PATIENCE);
    private final MessageStore store = new MessageStore(100);

    private static RegularToken token(int fcc, Long... asked) {
        Origin origin = new Origin(NodeId.of(1), 1);
        return new RegularToken(
                origin, new RingId(NodeId.of(1), 4), 9, 3, 0, Optional.empty(), 0, fcc, false, List.of(asked));
    }

    @Test
    void whatNobodyHasServedForThePatienceIsNowhere() {
        assertThat(requests.visited(token(0, 1L), store, 0)).isFalse();
        assertThat(requests.visited(token(0, 1L), store, PATIENCE - 1)).isFalse();
        assertThat(requests.visited(token(0, 1L), store, PATIENCE)).isTrue();
    }

    @Test
    void whileAnybodySendsItMayStillCome() {
        requests.visited(token(0, 1L), store, 0);
        assertThat(requests.visited(token(1, 1L), store, PATIENCE)).isFalse();
        assertThat(requests.visited(token(0, 1L), store, PATIENCE + 1)).isFalse();
    }

    @Test
    void whatIsNotAskedForIsNotMissed() {
        requests.visited(token(0, 2L), store, 0);
        assertThat(requests.visited(token(0, 2L), store, 2 * PATIENCE)).isFalse();
        assertThat(requests.visited(token(0), store, 3 * PATIENCE)).isFalse();
    }
}

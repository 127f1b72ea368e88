/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static dev.totem.core.internal.paper.Crafted.message;
import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.Crafted.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingId;
import dev.totem.core.internal.message.RegularToken;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 4.4, requesting. */
class RetransmitRequestsTest {

    private static final RingId RING = ring(1, 8);

    private final MessageStore store = new MessageStore(64);

    private void hold(long... seqs) {
        LongStream.of(seqs).forEach(seq -> store.file(message(1, RING, seq)));
    }

    private List<Long> visit(RetransmitRequests requests, long tokenSeq, List<Long> kept) {
        requests.visited(tokenSeq);
        return requests.extend(kept, store);
    }

    @Test
    void requestsWhatWasMissingAtTwoVisits() {
        RetransmitRequests requests = new RetransmitRequests(2);
        hold(1, 3);

        assertThat(visit(requests, 3, List.of())).isEmpty();
        assertThat(visit(requests, 3, List.of())).containsExactly(2L);
    }

    @Test
    void requestsAtOnceWithAConstantOfOne() {
        hold(1, 3);

        assertThat(visit(new RetransmitRequests(1), 3, List.of())).containsExactly(2L);
    }

    @Test
    void waitsForAsManyVisitsAsTheConstantSays() {
        RetransmitRequests requests = new RetransmitRequests(5);

        for (int visit = 1; visit < 5; visit++) {
            assertThat(visit(requests, 1, List.of())).as("visit " + visit).isEmpty();
        }
        assertThat(visit(requests, 1, List.of())).containsExactly(1L);
    }

    @Test
    @Tag("P64")
    void doesNotRequestWhatTheTokenAnnouncesForTheFirstTime() {
        RetransmitRequests requests = new RetransmitRequests(2);
        visit(requests, 3, List.of());

        assertThat(visit(requests, 6, List.of())).containsExactly(1L, 2L, 3L);
        assertThat(visit(requests, 6, List.of())).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    @Tag("P3")
    void requestsWhatNobodyHasSeenUpToTheTokensSeq() {
        RetransmitRequests requests = new RetransmitRequests(2);
        hold(1, 2);
        visit(requests, 4, List.of());

        assertThat(visit(requests, 4, List.of())).containsExactly(3L, 4L);
    }

    @Test
    void requestsNothingThatHasArrivedInBetween() {
        RetransmitRequests requests = new RetransmitRequests(2);
        visit(requests, 3, List.of());
        hold(1, 2, 3);

        assertThat(visit(requests, 3, List.of())).isEmpty();
    }

    @Test
    void keepsTheRequestsOfOthersInFrontAndRepeatsNone() {
        RetransmitRequests requests = new RetransmitRequests(1);
        hold(1, 4);

        assertThat(visit(requests, 4, seqs(9, 3))).containsExactly(9L, 3L, 2L);
    }

    @Test
    void keepsTheRequestsOfOthersWhenItMissesNothing() {
        RetransmitRequests requests = new RetransmitRequests(1);
        hold(1);

        assertThat(visit(requests, 1, seqs(1))).containsExactly(1L);
    }

    @Test
    void fillsTheTokenToItsLimitAndNoFurther() {
        RetransmitRequests requests = new RetransmitRequests(1);
        List<Long> kept = seqs(
                LongStream.rangeClosed(101, 100 + RegularToken.REQUESTS_MAX - 2).toArray());

        List<Long> asked = visit(requests, 60, kept);

        assertThat(asked).hasSize(RegularToken.REQUESTS_MAX).endsWith(1L, 2L);
    }

    @Test
    @Tag("P27")
    void requestsNothingBeyondTheStore() {
        RetransmitRequests requests = new RetransmitRequests(1);
        MessageStore small = new MessageStore(4);
        requests.visited(1000);

        assertThat(requests.extend(List.of(), small)).containsExactly(1L, 2L, 3L, 4L);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundTripsTest {

    private static final NodeId TWO = NodeId.of(2);
    private static final NodeId THREE = NodeId.of(3);

    private final RoundTrips trips = new RoundTrips(100);

    RoundTripsTest() {
        trips.partners(List.of(TWO, THREE));
    }

    @Test
    void measuresEachMemberByItsAnswer() {
        trips.sent(7, 1_000);
        trips.answered(TWO, 7, 5_000);
        trips.answered(THREE, 7, 9_000);

        assertThat(trips.of(TWO)).contains(Duration.ofNanos(4_000));
        assertThat(trips.of(THREE)).contains(Duration.ofNanos(8_000));
    }

    @Test
    void isSmoothed() {
        trips.sent(7, 0);
        trips.answered(TWO, 7, 8_000);
        trips.sent(8, 10_000);
        trips.answered(TWO, 8, 26_000);

        assertThat(trips.of(TWO)).contains(Duration.ofNanos(9_000));
    }

    @Test
    void aCopyOfAnAnswerAndAnAnswerToNothingSayNothing() {
        trips.sent(7, 0);
        trips.answered(TWO, 7, 1_000);
        trips.answered(TWO, 7, 900_000);
        trips.answered(THREE, 8, 900_000);

        assertThat(trips.of(TWO)).contains(Duration.ofNanos(1_000));
        assertThat(trips.of(THREE)).isEmpty();
    }

    @Test
    void whoIsNoMemberIsNotMeasuredAndWhoLeavesIsForgotten() {
        trips.sent(7, 0);
        trips.answered(NodeId.of(9), 7, 1_000);
        trips.answered(TWO, 7, 1_000);

        trips.partners(List.of(THREE));
        trips.partners(List.of(TWO, THREE));

        assertThat(trips.of(NodeId.of(9))).isEmpty();
        assertThat(trips.of(TWO)).isEmpty();
    }

    @Test
    void waitsForFewProbesOnly() {
        for (int probe = 0; probe <= RoundTrips.OPEN_MAX; probe++) {
            trips.sent(probe, probe);
        }
        trips.answered(TWO, 0, 1_000);
        trips.answered(THREE, 1, 1_001);

        assertThat(trips.of(TWO)).isEmpty();
        assertThat(trips.of(THREE)).contains(Duration.ofNanos(1_000));
    }

    @Test
    void isAskedOnceInAWhileAndMoreRarelyInALargeRing() {
        assertThat(trips.wanted(0)).hasValue(100);
        assertThat(trips.wanted(RoundTrips.ASK_NANOS - 1)).isEmpty();
        assertThat(trips.wanted(RoundTrips.ASK_NANOS)).hasValue(101);

        trips.partners(IntStream.rangeClosed(2, 384).mapToObj(NodeId::of).toList());

        assertThat(trips.wanted(2 * RoundTrips.ASK_NANOS)).isEmpty();
        assertThat(trips.wanted(25 * RoundTrips.ASK_NANOS)).hasValue(102);
    }

    @Test
    void nobodyIsAskedWhereNobodyIs() {
        trips.partners(List.of());

        assertThat(trips.wanted(0)).isEmpty();
    }
}

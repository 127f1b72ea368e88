/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.internal.message.Origin;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ids that say themselves what makes them equal say what a record would. */
class IdEqualityTest {

    private static final long LARGE = 1L << 40;

    /** Of each kind ids of which no two are equal, made anew at each call. */
    static List<List<Object>> kinds() {
        return List.of(
                List.of(NodeId.of(1), NodeId.of(2), NodeId.of(Integer.MAX_VALUE)),
                List.of(
                        new RingId(NodeId.of(1), 4),
                        new RingId(NodeId.of(2), 4),
                        new RingId(NodeId.of(1), 8),
                        new RingId(NodeId.of(1), 4 + LARGE)),
                List.of(
                        new Origin(NodeId.of(1), 4),
                        new Origin(NodeId.of(2), 4),
                        new Origin(NodeId.of(1), 8),
                        new Origin(NodeId.of(1), 4 + LARGE)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void isEqualToNoOtherButOneOfTheSameParts(List<Object> ids) {
        List<Object> again = kinds().stream()
                .filter(kind -> kind.get(0).getClass() == ids.get(0).getClass())
                .findFirst()
                .orElseThrow();

        for (int i = 0; i < ids.size(); i++) {
            for (int j = 0; j < ids.size(); j++) {
                assertThat(ids.get(i).equals(again.get(j)))
                        .as(ids.get(i) + " and " + again.get(j))
                        .isEqualTo(i == j);
            }
            assertThat(ids.get(i)).hasSameHashCodeAs(again.get(i)).isNotEqualTo("another thing");
        }
    }

    /** By number first, then by representative: the order in which one process installs rings. */
    @Test
    void ordersRingsByNumberFirst() {
        assertThat(new RingId(NodeId.of(9), 4)).isLessThan(new RingId(NodeId.of(1), 8));
        assertThat(new RingId(NodeId.of(1), 4)).isLessThan(new RingId(NodeId.of(2), 4));
        assertThat(new RingId(NodeId.of(2), 4)).isEqualByComparingTo(new RingId(NodeId.of(2), 4));
    }
}

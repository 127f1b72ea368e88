/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CandidateSetsTest {

    private final CandidateSets sets = new CandidateSets(id(2), ids(3, 1));

    @Test
    void thisProcessorIsACandidate() {
        assertThat(sets.proc()).isEqualTo(ids(1, 2, 3));
        assertThat(sets.fail()).isEmpty();
        assertThat(new CandidateSets(id(2), List.of()).proc()).isEqualTo(ids(2));
    }

    @Test
    void proposesTheCandidatesThatHaveNotFailedInAscendingOrder() {
        sets.addCandidates(ids(9, 4));
        sets.addFailed(ids(3, 9));

        assertThat(sets.members()).isEqualTo(ids(1, 2, 4));
        assertThat(sets.proc()).isEqualTo(ids(1, 2, 3, 4, 9));
        assertThat(sets.fail()).isEqualTo(ids(3, 9));
    }

    @Test
    void everyChangeMakesALaterVersion() {
        int before = sets.version();
        sets.addCandidates(ids(9));
        int widened = sets.version();
        sets.addFailed(ids(9));

        assertThat(widened).isGreaterThan(before);
        assertThat(sets.version()).isGreaterThan(widened);
        sets.addFailed(ids(9));
        assertThat(sets.version()).isEqualTo(widened + 1);
    }

    @Test
    void aFailedCandidateStaysOne() {
        sets.addFailed(ids(3));

        assertThat(sets.isCandidate(id(3))).isTrue();
        assertThat(sets.hasFailed(id(3))).isTrue();
        assertThat(sets.addCandidates(ids(3))).as("changed").isFalse();
        assertThat(sets.members()).isEqualTo(ids(1, 2));
    }

    @Test
    @Tag("P14")
    void neverGivesUpOnThisProcessor() { // unlike D1
        assertThat(sets.addFailed(ids(1, 2, 3))).isTrue();

        assertThat(sets.members()).isEqualTo(ids(2));
        assertThat(sets.addFailed(ids(2))).isFalse();
    }

    @Test
    void failStaysWithinProc() {
        assertThat(sets.addFailed(ids(8))).isFalse();

        assertThat(sets.fail()).isEmpty();
    }

    @Test
    void tellsWhetherAnythingChanged() {
        assertThat(sets.addCandidates(ids(1, 3))).isFalse();
        assertThat(sets.addCandidates(ids(1, 4))).isTrue();
        assertThat(sets.addFailed(ids(4))).isTrue();
        assertThat(sets.addFailed(ids(4))).isFalse();
    }

    @Test
    void comparesSetsWhateverTheOrder() {
        sets.addFailed(ids(3));

        assertThat(sets.equal(ids(3, 1, 2), ids(3))).isTrue();
        assertThat(sets.equal(ids(1, 2), ids(3))).isFalse();
        assertThat(sets.equal(ids(1, 2, 3), ids())).isFalse();
        assertThat(sets.equal(ids(1, 2, 4), ids(3))).isFalse();
        assertThat(sets.equal(ids(1, 2, 3), ids(1))).isFalse();
        assertThat(sets.equal(ids(1, 2, 3, 4), ids(3))).isFalse();
    }

    @Test
    void coversSubsetsOfBoth() {
        sets.addFailed(ids(3));

        assertThat(sets.cover(ids(1), ids())).isTrue();
        assertThat(sets.cover(ids(1, 2, 3), ids(3))).isTrue();
        assertThat(sets.cover(ids(1, 4), ids())).isFalse();
        assertThat(sets.cover(ids(1), ids(1))).isFalse();
    }
}

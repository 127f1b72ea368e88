/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.join;
import static dev.totem.core.internal.paper.Crafted.origin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.internal.message.Join;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 3.4: my_last and consensus, at node 1. */
class RememberedJoinsTest {

    private final RememberedJoins joins = new RememberedJoins(id(1));
    private final CandidateSets sets = new CandidateSets(id(1), ids(1, 2, 3));

    @Test
    void consensusNeedsEveryMember() {
        assertThat(joins.consensus(sets)).isFalse();
        joins.remember(join(2, ids(1, 2, 3), ids(), 8));
        assertThat(joins.consensus(sets)).isFalse();

        joins.remember(join(3, ids(1, 2, 3), ids(), 8));

        assertThat(joins.consensus(sets)).isTrue();
    }

    @Test
    void consensusNeedsNobodyThatWasGivenUpOn() {
        sets.addFailed(ids(3));

        joins.remember(join(2, ids(1, 2, 3), ids(3), 8));

        assertThat(joins.consensus(sets)).isTrue();
    }

    @Test
    void consensusNeedsBothSetsToBeTheSame() {
        sets.addFailed(ids(3));

        joins.remember(join(2, ids(1, 2, 3), ids(), 8));
        assertThat(joins.consensus(sets)).isFalse();
        joins.remember(join(2, ids(1, 2), ids(), 8));
        assertThat(joins.consensus(sets)).isFalse();
    }

    @Test
    @Tag("P14")
    void aloneThereIsConsensus() {
        sets.addFailed(ids(2, 3));

        assertThat(joins.consensus(sets)).isTrue();
    }

    @Test
    void aJoinThatCameEarlyCountsOnceTheSetsMatch() {
        joins.remember(join(2, ids(1, 2, 3, 4), ids(), 8));
        assertThat(joins.agrees(id(2), sets)).isFalse();

        sets.addCandidates(ids(4));

        assertThat(joins.agrees(id(2), sets)).isTrue();
    }

    @Test
    void changedSetsEndTheAgreement() {
        joins.remember(join(2, ids(1, 2, 3), ids(), 8));
        assertThat(joins.agrees(id(2), sets)).isTrue();

        sets.addFailed(ids(3));

        assertThat(joins.agrees(id(2), sets)).isFalse();
    }

    @Test
    void onlyTheLatestJoinCounts() {
        joins.remember(join(2, ids(1, 2, 3), ids(), 8));

        joins.remember(join(2, ids(1, 2, 3), ids(3), 8));

        assertThat(joins.agrees(id(2), sets)).isFalse();
        assertThat(joins.latestOf(id(2)))
                .hasValueSatisfying(join -> assertThat(join.fail()).isEqualTo(ids(3)));
    }

    @Test
    void anEarlierLifeIsNotHeardAnyMore() {
        Join reborn = new Join(origin(2, 2), ids(1, 2, 3), ids(), 8, 0);
        assertThat(joins.remember(reborn)).isTrue();

        assertThat(joins.remember(join(2, ids(2), ids(), 8))).isFalse();

        assertThat(joins.latestOf(id(2))).contains(reborn);
        assertThat(joins.contradicts(origin(2, 1))).isTrue();
        assertThat(joins.contradicts(origin(2, 2))).isFalse();
        assertThat(joins.contradicts(origin(3, 7))).as("nothing known").isFalse();
    }

    @Test
    void aLaterLifeTakesThePlaceOfTheEarlierOne() {
        joins.remember(join(2, ids(1, 2, 3), ids(), 8));

        assertThat(joins.remember(new Join(origin(2, 2), ids(2), ids(), 4, 0))).isTrue();

        assertThat(joins.agrees(id(2), sets)).isFalse();
    }

    @Test
    void forgetsOneOrAll() {
        joins.remember(join(2, ids(1, 2, 3), ids(), 8));
        joins.remember(join(3, ids(1, 2, 3), ids(), 8));

        joins.forget(id(2));
        assertThat(joins.agrees(id(2), sets)).isFalse();
        assertThat(joins.agrees(id(3), sets)).isTrue();

        joins.forget();
        assertThat(joins.agrees(id(3), sets)).isFalse();
        assertThat(joins.agrees(id(1), sets)).as("with itself").isTrue();
    }
}

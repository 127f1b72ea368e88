/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static dev.totem.core.internal.paper.Crafted.id;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.origins;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.internal.message.Origin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RingMembersTest {

    @Test
    @Tag("P17")
    void isTheSameRingWhateverTheOrderOfItsMembers() {
        List<Origin> some = new ArrayList<>(origins(3, 1, 2147483647, 2, 40));
        Random chance = new Random(1);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(some, chance);

            assertThat(new RingMembers(some).ids()).isEqualTo(ids(1, 2, 3, 40, 2147483647));
        }
    }

    @Test
    void theLowestRepresentsAndTheTokenGoesRoundByAscendingIds() {
        RingMembers members = new RingMembers(origins(7, 5, 9));

        assertThat(members.representative()).isEqualTo(id(5));
        assertThat(members.successor(id(5))).isEqualTo(id(7));
        assertThat(members.successor(id(7))).isEqualTo(id(9));
        assertThat(members.successor(id(9))).isEqualTo(id(5));
        assertThat(members.size()).isEqualTo(3);
        assertThat(members.origins()).isEqualTo(origins(5, 7, 9));
        assertThat(members).hasToString("[5, 7, 9]");
    }

    @Test
    void inARingOfOneTheSuccessorIsTheMemberItself() { // PROTOCOL.md 0.2
        assertThat(new RingMembers(origins(4)).successor(id(4))).isEqualTo(id(4));
    }

    @Test
    void tellsTheLivesOfAMemberApart() {
        RingMembers members = new RingMembers(List.of(origin(1), origin(2, 5)));

        assertThat(members.contains(origin(2, 5))).isTrue();
        assertThat(members.contains(origin(2, 6))).isFalse();
        assertThat(members.origin(id(2))).isEqualTo(origin(2, 5));
        assertThat(members.contains(id(2))).isTrue();
        assertThat(members.contains(id(3))).isFalse();
    }

    @Test
    void onlyEarlierLivesOfMembersAreOutlived() {
        RingMembers members = new RingMembers(List.of(origin(1), origin(2, 5)));

        assertThat(members.outlived(origin(2, 4))).isTrue();
        assertThat(members.outlived(origin(2, 5))).isFalse();
        assertThat(members.outlived(origin(2, 6))).isFalse();
        assertThat(members.outlived(origin(3, 1))).isFalse();
    }
}

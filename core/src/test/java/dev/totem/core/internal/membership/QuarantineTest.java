/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.Profile;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Processor 1 in a ring with 2 meets 3. */
class QuarantineTest {

    private static final long TOKEN = 1_000;
    private static final RingMembers RING = new RingMembers(List.of(origin(1, 1), origin(2, 1)));

    private final Quarantine quarantine = new Quarantine(NodeId.of(1), TOKEN);

    @Test
    void admitsStrangers() {
        assertThat(quarantine.holds(origin(3, 1))).isFalse();
        assertThat(quarantine.admits(origin(3, 1), ids(1, 2), ids(3), 0)).isTrue();
    }

    @Test
    void holdsWhoWasMetAndIsNotInTheRing() {
        exclude(0);

        assertThat(quarantine.holds(origin(3, 1))).isTrue();
        assertThat(quarantine.admits(origin(3, 1), ids(1, 2), ids(3), 0)).isFalse();
        assertThat(quarantine.holds(origin(2, 1))).isFalse();
    }

    @Test
    void doesNotHoldWhoWasSilent() {
        quarantine.installed(RING, 0);

        assertThat(quarantine.holds(origin(3, 1))).isFalse();
    }

    @Test
    void doesNotHoldANewLife() {
        exclude(0);

        assertThat(quarantine.admits(origin(3, 2), ids(1, 2), ids(3), 0)).isTrue();
    }

    @Test
    void aNewLifeIsTrustedAsIfItWereTheFirst() {
        exclude(0);
        assertThat(admitsWithProof(0)).isTrue();

        quarantine.met(origin(3, 2));
        quarantine.installed(RING, 0);
        quarantine.announced(origin(3, 2), ids(1, 2), 0);

        assertThat(quarantine.admits(origin(3, 2), ids(1, 2), ids(3), 0)).isTrue();
    }

    @Test
    void doesNotHoldANewMember() {
        exclude(0);
        quarantine.installed(new RingMembers(List.of(origin(1, 1), origin(3, 1))), 0);

        assertThat(quarantine.holds(origin(3, 1))).isFalse();
    }

    @Test
    void admitsWhomAllHearAndWhoHearsAll() {
        exclude(0);
        quarantine.announced(origin(2, 1), ids(1, 3), 10);
        quarantine.announced(origin(3, 1), ids(1, 2), 10);

        assertThat(quarantine.admits(origin(3, 1), ids(1, 2), ids(3), 10)).isTrue();
        assertThat(quarantine.holds(origin(3, 1))).isFalse();
    }

    @Test
    void asksForProofOfEveryLink() {
        exclude(0);
        quarantine.announced(origin(3, 1), ids(1, 2), 10);
        assertThat(quarantine.admits(origin(3, 1), ids(1, 2), ids(3), 10))
                .as("2 has not said that it hears 3")
                .isFalse();

        quarantine.announced(origin(2, 1), ids(1), 10);
        assertThat(quarantine.admits(origin(3, 1), ids(1, 2), ids(3), 10))
                .as("2 does not hear 3")
                .isFalse();

        quarantine.announced(origin(2, 1), ids(1, 3), 10);
        assertThat(quarantine.admits(origin(3, 1), ids(1, 2), ids(3, 4), 10))
                .as("nothing is known of 4, a member of 3's ring")
                .isFalse();

        quarantine.announced(origin(3, 1), ids(2), 10);
        assertThat(quarantine.admits(origin(3, 1), ids(1, 2), ids(3), 10))
                .as("3 does not hear 1")
                .isFalse();
    }

    @Test
    void oldProofIsNone() {
        exclude(0);
        quarantine.announced(origin(2, 1), ids(1, 3), 10);
        assertThat(quarantine.heard(10 + TOKEN)).isEqualTo(ids(2));
        quarantine.announced(origin(3, 1), ids(1, 2), 11 + TOKEN);

        assertThat(quarantine.admits(origin(3, 1), ids(1, 2), ids(3), 11 + TOKEN))
                .isFalse();
        assertThat(quarantine.heard(11 + TOKEN)).isEqualTo(ids(3));
    }

    @Test
    void trustsProofThatCameToNothingLaterEachTime() {
        exclude(0);
        long now = 0;
        for (int wait : new int[] {0, 1, 2, 4, 8, 16, 32, 32}) {
            if (wait > 0) {
                assertThat(admitsWithProof(now + wait * TOKEN - 1))
                        .as("before %s", wait)
                        .isFalse();
            }
            now += wait * TOKEN;
            assertThat(admitsWithProof(now)).as("after %s", wait).isTrue();
            exclude(now);
        }
    }

    @Test
    void anInvitationWithProofShowsThatTheSenderHasWaited() {
        exclude(0);
        assertThat(admitsWithProof(0)).isTrue();
        exclude(0);
        assertThat(admitsWithProof(1)).as("an announcement").isFalse();

        assertThat(quarantine.admits(join(3), ids(1, 2), 1)).as("no invitation").isFalse();
        assertThat(quarantine.admits(join(1, 3), ids(1, 2), 1 + 2 * TOKEN))
                .as("no proof any more")
                .isFalse();
        assertThat(quarantine.admits(join(1, 3), ids(1, 2), 1)).isTrue();
    }

    @Test
    void forgetsFormerQuarantinesInTime() {
        exclude(0);
        assertThat(admitsWithProof(0)).isTrue();

        exclude(64 * TOKEN);

        assertThat(admitsWithProof(64 * TOKEN)).isTrue();
    }

    @Test
    void noticesThatALinkWorksBothWays() {
        assertThat(quarantine.announced(origin(3, 1), ids(2), 0)).isFalse();
        assertThat(quarantine.announced(origin(3, 1), ids(1, 2), 1)).isTrue();
        assertThat(quarantine.announced(origin(3, 1), ids(1, 2), 2)).isFalse();
        assertThat(quarantine.announced(origin(3, 1), ids(1, 2), 3 + TOKEN))
                .as("after a silence")
                .isTrue();
        assertThat(quarantine.announced(origin(3, 0), ids(), 4 + TOKEN))
                .as("an earlier life")
                .isFalse();
        assertThat(quarantine.announced(origin(3, 1), ids(1, 2), 5 + TOKEN)).isFalse();
    }

    @Test
    void remembersNoMoreThanItMust() {
        for (int node = 3; node < 3_000; node++) {
            quarantine.announced(origin(node, 1), ids(), node);
            quarantine.met(origin(node, 1));
            quarantine.installed(RING, node);
        }

        assertThat(quarantine.heard(3_000)).hasSize(384);
        assertThat(quarantine.holds(origin(2_999, 1))).isTrue();
        assertThat(quarantine.holds(origin(3, 1))).isFalse();
    }

    @Test
    void holdsAsManyAsItCanRemember() {
        for (int node = 3; node < 3 + 1_025; node++) {
            quarantine.met(origin(node, 1));
        }
        quarantine.installed(RING, 0);

        assertThat(quarantine.holds(origin(3, 1))).isTrue();
        assertThat(quarantine.holds(origin(3 + 1_023, 1))).isTrue();
        assertThat(quarantine.holds(origin(3 + 1_024, 1))).as("one too many").isFalse();
    }

    private void exclude(long nowNanos) {
        quarantine.met(origin(3, 1));
        quarantine.installed(RING, nowNanos);
    }

    private boolean admitsWithProof(long nowNanos) {
        quarantine.announced(origin(2, 1), ids(1, 3), nowNanos);
        quarantine.announced(origin(3, 1), ids(1, 2), nowNanos);
        return quarantine.admits(origin(3, 1), ids(1, 2), ids(3), nowNanos);
    }

    private static Join join(int... proc) {
        return new Join(origin(3, 1), ids(proc), List.of(), 0, 0, ids(1, 2), Profile.UNTOLD);
    }

    private static Origin origin(int node, long incarnation) {
        return new Origin(NodeId.of(node), incarnation);
    }

    private static List<NodeId> ids(int... ids) {
        return IntStream.of(ids).mapToObj(NodeId::of).toList();
    }
}

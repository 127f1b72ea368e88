/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static dev.totem.core.internal.protocol.Pitfalls.SECOND;
import static dev.totem.core.internal.protocol.Pitfalls.isFrom;
import static dev.totem.core.internal.protocol.Pitfalls.isOrdinary;
import static dev.totem.core.internal.protocol.Pitfalls.isTo;
import static dev.totem.core.internal.protocol.Pitfalls.last;
import static dev.totem.core.internal.protocol.Pitfalls.meetAgain;
import static dev.totem.core.internal.protocol.Pitfalls.sendMany;
import static dev.totem.core.internal.protocol.Pitfalls.together;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.MachineRing.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The defects of others that need more than one machine to show: who is in the next ring, {@code PROTOCOL.md} 10.2; docs/PITFALLS.md. */
class MembershipPitfallsTest {

    @Test
    @Tag("P14")
    void everyPeerGivesUpOnOne() {
        MachineRing ring = together(1, 2, 3);
        ring.lost = hop -> isTo(hop, 2) || isFrom(hop, 2);

        assertThat(ring.runUntil(() -> ring.together(1, 3) && ring.together(2), Duration.ofSeconds(5)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Tag("P16")
    void whoHearsTokensButNoDataEndsUpOutside(int deaf) {
        MachineRing ring = together(1, 2, 3);
        ring.lost = hop -> isTo(hop, deaf) && isOrdinary(hop);
        List<Integer> rest = new ArrayList<>(List.of(1, 2, 3));
        rest.remove(Integer.valueOf(deaf));
        ring.member(rest.get(0)).send("unheard");

        assertThat(ring.runUntil(() -> ring.together(rest.toArray(Integer[]::new)), Duration.ofSeconds(10)))
                .isTrue();

        assertThat(ring.member(rest.get(1)).texts()).containsExactly("unheard");
    }

    @Test
    @Tag("P17")
    void eachRestartedInTurnInAllOrders() {
        int[][] orders = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
        for (int[] order : orders) {
            MachineRing ring = together(1, 2, 3);
            for (int id : order) {
                ring.crash(id);
                ring.start(id);
                meetAgain(ring, 1, 2, 3);
            }
        }
    }

    @Test
    @Tag("P22")
    void theSurvivorsOfALeaveDoNotWait() {
        for (int leaver = 1; leaver <= 3; leaver++) {
            MachineRing ring = together(1, 2, 3);
            List<Integer> rest = new ArrayList<>(List.of(1, 2, 3));
            rest.remove(Integer.valueOf(leaver));

            ring.member(leaver).step(new Input.Leave());

            assertThat(ring.runUntil(() -> ring.together(rest.toArray(Integer[]::new)), Duration.ofMillis(10)))
                    .as("without " + leaver)
                    .isTrue();
        }
    }

    @Test
    @Tag("P22")
    void aLostLeaveCostsTheTokenTimeout() {
        MachineRing ring = together(1, 2, 3);
        ring.lost = hop -> isFrom(hop, 3);
        ring.member(3).step(new Input.Leave());

        assertThat(ring.runUntil(() -> ring.together(1, 2), Duration.ofMillis(2300)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DTJ", "DJT", "TDJ", "TJD", "JDT", "JTD"})
    @Tag("P23")
    void aJoinAmongDataAndTheTokenChangesNoOrder(String arrivals) {
        MachineRing ring = together(1, 2, 3);
        List<ProtocolMessage> data = new ArrayList<>();
        List<ProtocolMessage> tokens = new ArrayList<>();
        ring.lost = hop -> {
            if (isTo(hop, 2) && isOrdinary(hop)) {
                data.add(hop.message());
            } else if (isTo(hop, 2) && !data.isEmpty() && hop.message() instanceof RegularToken) {
                tokens.add(hop.message());
            }
            return isTo(hop, 2) && !data.isEmpty();
        };
        ring.member(1).send("a");
        ring.member(1).send("b", Guarantee.SAFE);
        assertThat(ring.runUntil(() -> !tokens.isEmpty(), SECOND)).isTrue();
        Join stranger = new Join(new Origin(NodeId.of(9), 99), List.of(NodeId.of(9)), List.of(), 4, 0);

        for (int i = 0; i < arrivals.length(); i++) {
            List<ProtocolMessage> read = switch (arrivals.charAt(i)) {
                case 'D' -> data;
                case 'T' -> tokens.subList(0, 1);
                default -> List.of(stranger);
            };
            List.copyOf(read).forEach(message -> ring.member(2).step(new Input.Received(message)));
        }
        assertThat(ring.member(2).machine.phase()).isEqualTo(RingPhase.GATHER);
        ring.heal();

        assertThat(ring.runUntil(
                        () -> ring.together(1, 2, 3) && ring.member(1).changes().size() == 5, Duration.ofSeconds(5)))
                .isTrue();
        for (Member member : ring.members.values()) {
            assertThat(member.texts()).containsExactly("a", "b");
            assertThat(last(member, ConfigChange.Kind.TRANSITIONAL).members()).hasSize(3);
        }
    }

    @Test
    @Tag("P26")
    void idleRingsMerge() {
        MachineRing ring = together(1, 2, 3, 4);
        ring.partition(List.of(1, 2));
        ring.runUntil(() -> ring.together(1, 2) && ring.together(3, 4), Duration.ofSeconds(5));
        ring.run(Duration.ofSeconds(3));

        ring.heal();

        assertThat(ring.runUntil(() -> ring.together(1, 2, 3, 4), SECOND)).isTrue();
        assertThat(ring.trace).anyMatch(hop -> hop.message() instanceof MergeDetect);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Tag("P28")
    void aOneWayWallDoesNotMakeTheRingFlap(int unheard) {
        MachineRing ring = together(1, 2, 3);
        ring.lost = hop -> isFrom(hop, unheard);
        ring.run(Duration.ofSeconds(5));
        Member witness = ring.member(unheard % 3 + 1);
        Member behind = ring.member(unheard);
        int before = witness.changes().size();
        int beforeBehind = behind.changes().size();

        ring.run(Duration.ofSeconds(24));

        assertThat(witness.changes()).as("who cannot hear it").hasSize(before);
        assertThat(behind.changes().size() - beforeBehind)
                .as("two changes a consensus timeout at most")
                .isLessThanOrEqualTo(40);
        assertThat(behind.changes()).noneMatch(change -> change.left().contains(behind.id));
    }

    @Test
    @Tag("P29")
    void shrinksToOneAndGrowsAgain() {
        MachineRing ring = together(1, 2, 3, 4, 5);
        for (int gone = 1; gone <= 4; gone++) {
            ring.crash(gone);
        }
        meetAgain(ring, 5);
        for (int back = 4; back >= 1; back--) {
            ring.start(back);
        }

        meetAgain(ring, 1, 2, 3, 4, 5);

        sendMany(ring, 50);
        assertThat(ring.runUntil(
                        () -> ring.members.values().stream()
                                .allMatch(member -> member.texts().size() == 50),
                        SECOND))
                .isTrue();
    }
}

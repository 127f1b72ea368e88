/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static dev.totem.core.internal.protocol.Pitfalls.SECOND;
import static dev.totem.core.internal.protocol.Pitfalls.allHave;
import static dev.totem.core.internal.protocol.Pitfalls.isFrom;
import static dev.totem.core.internal.protocol.Pitfalls.last;
import static dev.totem.core.internal.protocol.Pitfalls.meetAgain;
import static dev.totem.core.internal.protocol.Pitfalls.sendMany;
import static dev.totem.core.internal.protocol.Pitfalls.together;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.MachineRing.Hop;
import dev.totem.core.internal.protocol.MachineRing.Member;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The defects of others that need more than one machine to show: stale state and identities, {@code PROTOCOL.md} 10.1; docs/PITFALLS.md. */
class StaleStatePitfallsTest {

    @Test
    @Tag("P1")
    void restartedRepresentativeAfterThousandsOfMessages() {
        MachineRing ring = together(1, 2, 3);
        sendMany(ring, 3000);
        ring.runUntil(() -> allHave(ring, 3000), SECOND);
        ring.crash(1);
        ring.start(1);

        meetAgain(ring, 1, 2, 3);

        for (int witness : new int[] {2, 3}) {
            assertThat(last(ring.member(witness), ConfigChange.Kind.TRANSITIONAL)
                            .left())
                    .containsExactly(NodeId.of(1));
            assertThat(last(ring.member(witness), ConfigChange.Kind.REGULAR).joined())
                    .containsExactly(NodeId.of(1));
        }
        assertThat(ring.member(1).texts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    @Tag("P1")
    void restartedMemberHearsTheOldRingBeforeItIsHeard(int restarted) { //  8: both orders
        MachineRing ring = together(1, 2, 3);
        sendMany(ring, 30);
        ring.crash(restarted);
        ring.lost = hop -> isFrom(hop, restarted);
        ring.start(restarted);
        ring.member(2).send("to the new life");
        ring.run(Duration.ofMillis(20));
        ring.heal();

        meetAgain(ring, 1, 2, 3);

        assertThat(last(ring.member(2), ConfigChange.Kind.TRANSITIONAL).left()).containsExactly(NodeId.of(restarted));
        assertThat(ring.member(restarted).texts()).isEmpty();
    }

    @Test
    @Tag("P2")
    void commitTokenLostTwiceThenSuccess() {
        MachineRing ring = together(1, 2, 3);
        ring.member(1).send("before");
        ring.run(Duration.ofMillis(10));
        List<Long> rings = new ArrayList<>();
        ring.lost = hop -> {
            if (hop.message() instanceof CommitToken token) {
                if (!rings.contains(token.ring().seq())) {
                    rings.add(token.ring().seq());
                }
                return rings.indexOf(token.ring().seq()) < 2;
            }
            return hop.message() instanceof RegularToken && rings.isEmpty();
        };

        assertThat(ring.runUntil(() -> rings.size() == 3 && ring.together(1, 2, 3), Duration.ofSeconds(15)))
                .isTrue();

        assertThat(rings).doesNotHaveDuplicates();
        for (Member member : ring.members.values()) {
            assertThat(last(member, ConfigChange.Kind.TRANSITIONAL).members()).hasSize(3);
            assertThat(last(member, ConfigChange.Kind.TRANSITIONAL).left()).isEmpty();
        }
    }

    @Test
    @Tag("P3")
    void lastMessageOfABurstLostByEverybody() {
        MachineRing ring = together(1, 2, 3);
        ring.lost = Pitfalls::isOrdinary;
        ring.member(2).send("last");
        ring.run(Duration.ofNanos(3 * MachineRing.LATENCY));
        ring.heal();

        assertThat(ring.runUntil(() -> allHave(ring, 1), Duration.ofMillis(20))).isTrue();
    }

    @Test
    @Tag("P4")
    void fourOfFiveStopDuringRecovery() {
        MachineRing ring = together(1, 2, 3, 4, 5);
        ring.crash(5);
        ring.runUntil(() -> ring.member(2).machine.phase() == RingPhase.RECOVERY, Duration.ofSeconds(5));
        List<Hop> recorded = List.copyOf(ring.trace);
        for (int stopped = 1; stopped <= 3; stopped++) {
            ring.crash(stopped);
        }
        for (Hop hop : recorded.subList(Math.max(0, recorded.size() - 40), recorded.size())) {
            if (hop.message() instanceof RegularToken || hop.message() instanceof CommitToken) {
                ring.inject(hop.from().value(), 4, hop.message());
            }
        }

        meetAgain(ring, 4);

        assertThat(last(ring.member(4), ConfigChange.Kind.REGULAR).members()).containsExactly(NodeId.of(4));
    }

    @Test
    @Tag("P5")
    void commitTokenDelayedUntilAfterTheFailureOfItsRing() {
        MachineRing ring = together(1, 2, 3);
        ring.lost = hop -> hop.message() instanceof CommitToken || hop.message() instanceof RegularToken;
        ring.runUntil(() -> ring.member(1).machine.phase() == RingPhase.COMMIT, Duration.ofSeconds(5));
        CommitToken late = (CommitToken) ring.trace.stream()
                .map(Hop::message)
                .filter(CommitToken.class::isInstance)
                .reduce((a, b) -> b)
                .orElseThrow();
        ring.runUntil(() -> ring.member(1).machine.phase() == RingPhase.GATHER, Duration.ofSeconds(5));
        ring.heal();
        meetAgain(ring, 1, 2, 3);
        int changes = ring.member(2).changes().size();

        ring.inject(1, 2, late);
        ring.inject(1, 3, late);
        ring.run(SECOND);

        assertThat(ring.member(2).changes()).hasSize(changes);
        assertThat(ring.member(2).config.ring().seq()).isGreaterThan(late.ring().seq());
    }

    @Test
    @Tag("P6")
    void restartedBeforeAnyRingFormed() {
        MachineRing ring = new MachineRing(1, NodeSettings.defaults());
        for (int round = 0; round < 10; round++) {
            for (int id = 1; id <= 3; id++) {
                ring.start(id);
            }
            ring.run(Duration.ofNanos(round * 40_000L));
        }

        meetAgain(ring, 1, 2, 3);

        assertThat(ring.member(3).config.ring().seq()).isGreaterThan(10 * 4);
    }

    @Test
    @Tag("P8")
    void partitionsSwapAMember() {
        MachineRing ring = together(1, 2, 3, 4, 5);
        ring.partition(List.of(1, 2, 3));
        ring.runUntil(() -> ring.together(1, 2, 3) && ring.together(4, 5), Duration.ofSeconds(5));
        ring.partition(List.of(1, 2, 4));
        ring.member(3).send("three");
        ring.member(4).send("four");

        assertThat(ring.runUntil(() -> ring.together(1, 2, 4) && ring.together(3, 5), Duration.ofSeconds(10)))
                .isTrue();

        assertThat(last(ring.member(4), ConfigChange.Kind.TRANSITIONAL).members())
                .containsExactly(NodeId.of(4));
        assertThat(last(ring.member(1), ConfigChange.Kind.TRANSITIONAL).members())
                .containsExactly(NodeId.of(1), NodeId.of(2));
    }

    @Test
    @Tag("P9")
    void healsAtAnyMomentAroundTheConsensusTimeout() {
        for (int millis = 2000; millis <= 2600; millis += 15) {
            MachineRing ring = together(1, 2, 3);
            ring.crash(3);
            ring.partition(List.of(1));
            ring.run(Duration.ofMillis(millis));

            ring.heal();

            assertThat(ring.runUntil(() -> ring.together(1, 2), Duration.ofSeconds(6)))
                    .as("healed after %d ms", millis)
                    .isTrue();
        }
    }

    @Test
    @Tag("P10")
    void oneGathersAndTheOthersAnswerAtOnce() {
        MachineRing ring = together(1, 2, 3);
        ring.inject(9, 2, new MergeDetect(new Origin(NodeId.of(9), 99), new RingId(NodeId.of(9), 4)));
        ring.runUntil(() -> ring.member(2).machine.phase() == RingPhase.GATHER, SECOND);

        ring.run(Duration.ofMillis(1));

        assertThat(ring.member(1).machine.phase()).isEqualTo(RingPhase.GATHER);
        assertThat(ring.member(3).machine.phase()).isEqualTo(RingPhase.GATHER);
        meetAgain(ring, 1, 2, 3);
    }

    @Test
    @Tag("P11")
    void ringNumbersAboveTwoToTheThirtyTwo() {
        for (long stored : new long[] {(1L << 31) - 6, (1L << 32) - 6}) {
            MachineRing ring = new MachineRing(1, NodeSettings.defaults());
            for (int id = 1; id <= 3; id++) {
                ring.disks.put(id, stored);
                ring.start(id);
            }
            meetAgain(ring, 1, 2, 3);
            ring.crash(3);
            meetAgain(ring, 1, 2);

            assertThat(ring.member(1).config.ring().seq()).isGreaterThan(stored + 6);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.RegularToken;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingMachineTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void startsWithARingOfItsOwnAndFormsOneOfAll() {
        MachineRing ring = MachineRing.of(1, 2, 3);

        assertThat(ring.runUntil(() -> ring.together(1, 2, 3), SECOND)).isTrue();

        ring.members.values().forEach(member -> {
            assertThat(member.changes().get(0))
                    .isEqualTo(ConfigChange.regular(
                            member.changes().get(0).ring(), List.of(member.id), List.of(member.id)));
            assertThat(member.changes()).hasSize(3);
        });
    }

    @Test
    void formsARingOfOneWhenNobodyAnswers() {
        MachineRing ring = MachineRing.of(7);
        ring.member(7).send("alone", Guarantee.SAFE);

        assertThat(ring.runUntil(() -> ring.member(7).texts().contains("alone"), SECOND))
                .isTrue();
    }

    @Test
    void deliversTheSameOrderEverywhere() {
        MachineRing ring = MachineRing.of(1, 2, 3);
        ring.runUntil(() -> ring.together(1, 2, 3), SECOND);
        for (int i = 0; i < 500; i++) {
            ring.member(1 + i % 3).send("m" + i, i % 5 == 0 ? Guarantee.SAFE : Guarantee.AGREED);
        }

        assertThat(ring.runUntil(
                        () -> ring.members.values().stream()
                                .allMatch(m -> m.texts().size() == 500),
                        SECOND))
                .isTrue();

        assertThat(ring.member(2).texts()).isEqualTo(ring.member(1).texts());
        assertThat(ring.member(3).texts()).isEqualTo(ring.member(1).texts());
    }

    @Test
    void losesNothingWhenTheWireLosesATenth() {
        java.util.Random chance = new java.util.Random(4);
        MachineRing ring = MachineRing.of(1, 2, 3, 4);
        ring.runUntil(() -> ring.together(1, 2, 3, 4), SECOND);
        ring.lost = hop -> chance.nextInt(10) == 0;
        for (int i = 0; i < 2000; i++) {
            ring.member(1 + i % 4).send("m" + i, i % 7 == 0 ? Guarantee.SAFE : Guarantee.AGREED);
        }

        assertThat(ring.runUntil(
                        () -> ring.members.values().stream()
                                .allMatch(m -> m.texts().size() == 2000),
                        Duration.ofSeconds(20)))
                .isTrue();

        assertThat(ring.member(1).changes()).hasSize(3);
        assertThat(ring.member(2).texts()).isEqualTo(ring.member(1).texts());
        assertThat(ring.member(4).texts()).isEqualTo(ring.member(1).texts());
    }

    @Test
    void reformsWithoutACrashedMemberWithinTokenAndConsensusTimeouts() {
        MachineRing ring = MachineRing.of(1, 2, 3);
        ring.runUntil(() -> ring.together(1, 2, 3), SECOND);
        for (int crashed : new int[] {1}) {
            ring.crash(crashed);
        }

        assertThat(ring.runUntil(() -> ring.together(2, 3), Duration.ofMillis(2300)))
                .isTrue();

        ConfigChange transitional = ring.member(2).changes().get(3);
        assertThat(transitional.kind()).isEqualTo(ConfigChange.Kind.TRANSITIONAL);
        assertThat(transitional.left()).containsExactly(NodeId.of(1));
    }

    @Test
    void reformsInMillisecondsWhenAMemberLeaves() {
        MachineRing ring = MachineRing.of(1, 2, 3);
        ring.runUntil(() -> ring.together(1, 2, 3), SECOND);
        ring.member(3).step(new Input.Leave());

        assertThat(ring.runUntil(() -> ring.together(1, 2), Duration.ofMillis(20)))
                .isTrue();
    }

    @Test
    void partsGoOnAloneAndMergeWhenIdle() {
        MachineRing ring = MachineRing.of(1, 2, 3, 4);
        ring.runUntil(() -> ring.together(1, 2, 3, 4), SECOND);
        ring.partition(List.of(1, 2));
        ring.member(1).send("left");
        ring.member(4).send("right");
        assertThat(ring.runUntil(
                        () -> ring.together(1, 2)
                                && ring.together(3, 4)
                                && ring.member(2).texts().contains("left")
                                && ring.member(3).texts().contains("right"),
                        Duration.ofSeconds(3)))
                .isTrue();

        ring.heal();

        assertThat(ring.runUntil(() -> ring.together(1, 2, 3, 4), Duration.ofSeconds(2)))
                .isTrue();
        assertThat(ring.member(2).texts()).contains("left").doesNotContain("right");
        assertThat(ring.member(3).texts()).contains("right").doesNotContain("left");
    }

    @Test
    void restartedMemberIsInLeftAndInJoined() {
        for (int restarted = 1; restarted <= 3; restarted++) {
            MachineRing ring = MachineRing.of(1, 2, 3);
            ring.runUntil(() -> ring.together(1, 2, 3), SECOND);
            for (int i = 0; i < 50; i++) {
                ring.member(1 + i % 3).send("m" + i);
            }
            ring.run(Duration.ofMillis(100));
            ring.crash(restarted);
            ring.start(restarted);

            assertThat(ring.runUntil(() -> ring.together(1, 2, 3), SECOND)).isTrue();

            int witness = restarted % 3 + 1;
            List<ConfigChange> changes = ring.member(witness).changes();
            assertThat(changes.get(changes.size() - 2).left()).containsExactly(NodeId.of(restarted));
            assertThat(changes.get(changes.size() - 1).joined()).containsExactly(NodeId.of(restarted));
            assertThat(ring.member(restarted).texts()).isEmpty();
        }
    }

    @Test
    void duplicateTokensAreCountedAndChangeNothing() {
        MachineRing ring = MachineRing.of(1, 2, 3);
        ring.doubled = hop -> true;
        ring.runUntil(() -> ring.together(1, 2, 3), SECOND);
        for (int i = 0; i < 100; i++) {
            ring.member(1 + i % 3).send("m" + i);
        }

        ring.run(Duration.ofSeconds(30));

        assertThat(ring.member(1).changes()).hasSize(3);
        assertThat(ring.member(1).texts()).hasSize(100);
        assertThat(ring.member(1).drops.get(DropReason.DUPLICATE_TOKEN)).isPositive();
    }

    @Test
    void idleRingIsHeldAndALoneMessageWakesIt() {
        MachineRing ring = MachineRing.of(1, 2, 3);
        ring.runUntil(() -> ring.together(1, 2, 3), SECOND);
        ring.run(Duration.ofSeconds(2));
        ring.trace.clear();
        ring.run(Duration.ofSeconds(10));
        long tokens = ring.trace.stream()
                .filter(hop -> hop.message() instanceof RegularToken)
                .count();
        assertThat(tokens).isLessThan(250);

        ring.member(2).send("wake");

        assertThat(ring.runUntil(
                        () -> ring.members.values().stream()
                                .allMatch(m -> m.texts().contains("wake")),
                        Duration.ofMillis(2)))
                .isTrue();
    }

    @Test
    void laterOfTwoProcessesWithOneIdStops() {
        MachineRing ring = MachineRing.of(1, 2, 3);
        ring.runUntil(() -> ring.together(1, 2, 3), SECOND);
        MachineRing.Member first = ring.member(3);
        ring.crash(3);
        ring.disks.remove(3);
        MachineRing.Member second = ring.start(3);
        ring.members.put(33, first);

        assertThat(ring.runUntil(() -> second.stop != null, Duration.ofSeconds(10)))
                .isTrue();

        assertThat(first.stop).isNull();
    }

    @Test
    void isSettledOnceEveryMemberIsKnownToHoldWhatWasDelivered() {
        MachineRing ring = MachineRing.of(1, 2);
        ring.runUntil(() -> ring.together(1, 2), SECOND);
        ring.run(Duration.ofMillis(50));
        assertThat(ring.member(1).machine.isSettled()).isTrue();
        ring.member(1).send("m");
        ring.runUntil(() -> !ring.member(1).texts().isEmpty(), SECOND);
        assertThat(ring.member(1).machine.isSettled()).isFalse();

        assertThat(ring.runUntil(() -> ring.member(1).machine.isSettled(), SECOND))
                .isTrue();

        assertThat(ring.member(2).texts()).containsExactly("m");
    }

    @Test
    void idleRingAnnouncesItselfTogetherWithTheHeldToken() {
        MachineRing ring = MachineRing.of(1, 2, 3);
        ring.runUntil(() -> ring.together(1, 2, 3), SECOND);
        ring.run(Duration.ofSeconds(2));
        ring.trace.clear();
        ring.run(Duration.ofSeconds(4));

        List<MachineRing.Hop> announced = ring.trace.stream()
                .filter(hop -> hop.message() instanceof MergeDetect)
                .toList();
        assertThat(announced).hasSizeBetween(2 * 18, 2 * 24);
        announced.stream()
                .filter(hop -> hop.to().value() == 2)
                .forEach(hop -> assertThat(
                                ring.trace.get(ring.trace.indexOf(hop) - 1).message())
                        .isInstanceOf(RegularToken.class));
    }
}

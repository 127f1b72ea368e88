/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.TotemConfig;
import dev.totem.core.message.CommitToken;
import dev.totem.core.message.Join;
import dev.totem.core.message.MergeDetect;
import dev.totem.core.message.Origin;
import dev.totem.core.message.ProtocolMessage;
import dev.totem.core.message.RecoveredMessage;
import dev.totem.core.message.RegularMessage;
import dev.totem.core.message.RegularToken;
import dev.totem.core.protocol.MachineRing.Hop;
import dev.totem.core.protocol.MachineRing.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The defects of others, {@code protocol.md} 10.1 to 10.3, that need more than one machine to show: docs/PITFALLS.md. */
class PitfallsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static MachineRing together(int... ids) {
        MachineRing ring = MachineRing.of(ids);
        assertThat(ring.runUntil(() -> ring.together(boxed(ids)), SECOND)).isTrue();
        return ring;
    }

    private static Integer[] boxed(int... ids) {
        return IntStream.of(ids).boxed().toArray(Integer[]::new);
    }

    private static void meetAgain(MachineRing ring, int... ids) {
        assertThat(ring.runUntil(() -> ring.together(boxed(ids)), Duration.ofSeconds(10)))
                .as("%s meet again", List.of(boxed(ids)))
                .isTrue();
    }

    private static void sendMany(MachineRing ring, int count) {
        List<Member> members = List.copyOf(ring.members.values());
        for (int i = 0; i < count; i++) {
            members.get(i % members.size()).send("m" + i);
        }
    }

    private static boolean allHave(MachineRing ring, int count) {
        return ring.members.values().stream().allMatch(member -> member.texts().size() == count);
    }

    private static boolean isOrdinary(Hop hop) {
        return hop.message() instanceof RegularMessage;
    }

    private static boolean isTo(Hop hop, int id) {
        return hop.to().equals(NodeId.of(id));
    }

    private static boolean isFrom(Hop hop, int id) {
        return hop.from().equals(NodeId.of(id));
    }

    private static ConfigChange last(Member member, ConfigChange.Kind kind) {
        return member.changes().stream()
                .filter(change -> change.kind() == kind)
                .reduce((a, b) -> b)
                .orElseThrow();
    }

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
        ring.lost = PitfallsTest::isOrdinary;
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
        MachineRing ring = new MachineRing(1, TotemConfig.defaults());
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
            MachineRing ring = new MachineRing(1, TotemConfig.defaults());
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
    @Tag("P18")
    void aTokenReplayedForeverDoesNotHideTheLoss() {
        MachineRing ring = together(1, 2, 3);
        sendMany(ring, 10);
        ring.run(Duration.ofMillis(5));
        Hop token = ring.trace.stream()
                .filter(hop -> hop.message() instanceof RegularToken && isTo(hop, 2))
                .reduce((a, b) -> b)
                .orElseThrow();
        ring.lost = hop -> hop.message() instanceof RegularToken;
        for (int i = 0; i < 110; i++) {
            ring.inject(1, 2, token.message());
            ring.run(Duration.ofMillis(10));
        }

        assertThat(ring.member(2).counts.get(RingCounter.GATHERS)).isGreaterThan(1);
        assertThat(ring.member(2).drops.get(DropReason.DUPLICATE_TOKEN)).isGreaterThan(50);
    }

    @Test
    @Tag("P19")
    void aMarkFromElsewhereFreesNothing() {
        MachineRing ring = together(1, 2, 3);
        ring.lost = hop -> isOrdinary(hop) && isTo(hop, 3);
        ring.member(1).send("missed");
        ring.run(Duration.ofMillis(1));
        RegularToken last = ring.trace.stream()
                .filter(hop -> hop.message() instanceof RegularToken && isTo(hop, 2))
                .map(hop -> (RegularToken) hop.message())
                .reduce((a, b) -> b)
                .orElseThrow();
        RingId elsewhere = new RingId(last.ring().representative(), last.ring().seq() - RingId.STEP);

        for (int i = 0; i < 10; i++) {
            ring.inject(1, 2, marked(last, last.ring(), last.tokenSeq()));
            ring.inject(1, 2, marked(last, elsewhere, last.tokenSeq() + 1_000));
            ring.run(Duration.ofMillis(1));
        }
        assertThat(ring.member(2).drops)
                .containsEntry(DropReason.DUPLICATE_TOKEN, 10)
                .containsEntry(DropReason.OTHER_RING, 10);
        ring.heal();

        assertThat(ring.runUntil(() -> allHave(ring, 1), Duration.ofMillis(20))).isTrue();
        assertThat(ring.member(3).changes()).hasSize(3);
    }

    /** A token that says that everybody has everything, far beyond what there is. */
    private static RegularToken marked(RegularToken token, RingId ring, long tokenSeq) {
        long far = token.seq() + 1_000;
        return new RegularToken(token.origin(), ring, far, tokenSeq, far, Optional.empty(), 0, 0, false, List.of());
    }

    @Test
    @Tag("P21")
    void duplicatesOfEveryTokenAreNoFailureToReceive() {
        MachineRing ring = together(1, 2, 3);
        ring.doubled = hop -> hop.message() instanceof RegularToken;
        ring.lost = hop -> isOrdinary(hop) && isTo(hop, 3);
        ring.member(1).send("missed");
        ring.run(Duration.ofMillis(100));
        ring.heal();

        ring.run(Duration.ofSeconds(5));

        assertThat(ring.member(1).changes()).hasSize(3);
        assertThat(ring.member(3).texts()).containsExactly("missed");
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
    @Tag("P24")
    void oneMessageLostForGoodOnAnIdleRing() {
        MachineRing ring = together(1, 2, 3);
        ring.run(Duration.ofSeconds(2));
        ring.lost = hop -> isOrdinary(hop) && isTo(hop, 3);
        ring.trace.clear();
        ring.member(1).send("missed");

        assertThat(ring.runUntil(() -> ring.together(1, 2), Duration.ofSeconds(5)))
                .isTrue();

        long copies = ring.trace.stream()
                .filter(hop -> isOrdinary(hop) && isTo(hop, 3))
                .count();
        assertThat(copies).as("once a rotation at most").isLessThan(8000);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 600, 900, 1200, 2500, 4000})
    @Tag("P25")
    void aProcessThatStoodStillComesBack(int millis) {
        for (int paused = 1; paused <= 3; paused++) {
            MachineRing ring = together(1, 2, 3);
            sendMany(ring, 30);
            ring.pause(paused);
            ring.run(Duration.ofMillis(millis));

            ring.resume(paused);

            ring.run(Duration.ofMillis(50));
            meetAgain(ring, 1, 2, 3);
            assertThat(ring.member(paused).changes().size())
                    .as("paused %d", paused)
                    .isLessThanOrEqualTo(9);
        }
    }

    @Test
    @Tag("P25")
    void aShortPauseOfOneIsNotSeen() {
        MachineRing ring = together(1, 2, 3);
        ring.pause(2);
        ring.run(Duration.ofMillis(800));

        ring.resume(2);
        ring.run(Duration.ofSeconds(2));

        assertThat(ring.member(1).changes()).hasSize(3);
        assertThat(ring.member(2).changes()).hasSize(3);
        assertThat(ring.member(2).counts.get(RingCounter.PAUSES)).isEqualTo(1);
    }

    @Test
    @Tag("P25")
    void aPauseOfAllIsNotSeen() { //  5.3: a token that waits is read before its loss is declared
        MachineRing ring = together(1, 2, 3);
        IntStream.rangeClosed(1, 3).forEach(ring::pause);
        ring.run(Duration.ofSeconds(3));

        IntStream.rangeClosed(1, 3).forEach(ring::resume);
        ring.run(Duration.ofSeconds(2));

        assertThat(ring.member(1).changes()).hasSize(3);
    }

    @Test
    @Tag("P25")
    void joinsThatWaitedThroughAPauseAreDropped() {
        MachineRing ring = together(1, 2, 3);
        ring.pause(3);
        ring.run(Duration.ofMillis(3500));
        assertThat(ring.together(1, 2)).isTrue();

        ring.resume(3);
        ring.run(Duration.ofMillis(40));

        assertThat(ring.member(3).drops.get(DropReason.AFTER_PAUSE)).isPositive();
        meetAgain(ring, 1, 2, 3);
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

    @Test
    @Tag("P27")
    void dataBlockedButNotTokensUnderLoad() {
        MachineRing ring = together(1, 2, 3);
        ring.lost = hop -> isOrdinary(hop) && isTo(hop, 3);
        for (int i = 0; i < 20_000; i++) {
            ring.member(1 + i % 2).send("m" + i);
        }

        assertThat(ring.runUntil(() -> ring.together(1, 2), Duration.ofSeconds(10)))
                .isTrue();

        Member first = ring.member(1);
        Member second = ring.member(2);
        assertThat(ring.runUntil(
                        () -> first.log.size() >= 20_000
                                && second.log.size() == first.log.size()
                                && first.queue.isEmpty(),
                        Duration.ofSeconds(10)))
                .isTrue();
        ring.run(Duration.ofMillis(10));
        assertThat(first.texts()).hasSize(20_000);
        assertThat(second.texts()).isEqualTo(first.texts());
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

    @Test
    @Tag("P30")
    void everyCommitTokenTwiceStartsEachRingOnce() {
        MachineRing ring = MachineRing.of(1, 2, 3, 4);
        ring.doubled = hop -> hop.message() instanceof CommitToken;
        meetAgain(ring, 1, 2, 3, 4);
        ring.crash(4);
        meetAgain(ring, 1, 2, 3);

        Map<Object, Long> firsts = new HashMap<>();
        ring.trace.stream()
                .map(Hop::message)
                .filter(message -> message instanceof RegularToken token && token.tokenSeq() == 0)
                .distinct()
                .forEach(message -> firsts.merge(((RegularToken) message).ring(), 1L, Long::sum));
        assertThat(firsts.values()).isNotEmpty().containsOnly(1L);
        assertThat(ring.member(1).changes()).hasSize(5);
    }

    @Test
    @Tag("P31")
    void theSecondRotationIsSlowerThanTheRetransmission() {
        MachineRing ring = together(1, 2, 3);
        long until = ring.now + 100_000_000L;
        ring.lost = hop -> hop.message() instanceof CommitToken token && token.tokenSeq() == 4 && ring.now < until;
        ring.crash(3);
        ring.start(3);

        assertThat(ring.runUntil(() -> ring.together(1, 2, 3), Duration.ofMillis(600)))
                .as("no second attempt")
                .isTrue();

        assertThat(ring.member(1).drops.get(DropReason.DUPLICATE_TOKEN))
                .as("copies")
                .isPositive();
    }

    @Test
    @Tag("P32")
    void oldDataReplayedAfterTheInstall() {
        MachineRing ring = together(1, 2, 3);
        sendMany(ring, 20);
        ring.run(Duration.ofMillis(20));
        List<Hop> data = ring.trace.stream().filter(PitfallsTest::isOrdinary).toList();
        ring.crash(3);
        meetAgain(ring, 1, 2);
        int changes = ring.member(1).changes().size();

        data.forEach(hop -> ring.inject(hop.from().value(), hop.to().value(), hop.message()));
        ring.run(Duration.ofSeconds(3));

        assertThat(ring.member(1).changes()).hasSize(changes);
        assertThat(ring.member(2).texts()).hasSize(20);
    }

    /** All but the tokens is lost to 3 for a moment, and then the token, so that the ring has to recover. */
    private static MachineRing unstable(int messages) {
        MachineRing ring = together(1, 2, 3);
        ring.lost = hop -> isOrdinary(hop) && isTo(hop, 3);
        for (int i = 0; i < messages; i++) {
            ring.member(1 + i % 2).send("m" + i);
        }
        Member first = ring.member(1);
        assertThat(ring.runUntil(() -> first.log.size() == messages + 3, Duration.ofMillis(900)))
                .isTrue();
        assertThat(ring.member(3).texts()).isEmpty();
        ring.lost = hop -> hop.message() instanceof RegularToken || isOrdinary(hop);
        ring.runUntil(() -> first.machine.phase() == RingPhase.COMMIT, Duration.ofSeconds(5));
        ring.heal();
        return ring;
    }

    @Test
    @Tag("P33")
    void recoveryMessagesLostAtRandomThenNormalTraffic() {
        for (int seed = 1; seed <= 10; seed++) {
            Random chance = new Random(seed);
            MachineRing ring = unstable(300);
            ring.lost = hop -> hop.message() instanceof RecoveredMessage && chance.nextInt(4) == 0;
            meetAgain(ring, 1, 2, 3);
            ring.heal();
            sendMany(ring, 300);

            assertThat(ring.runUntil(() -> allHave(ring, 600), Duration.ofSeconds(2)))
                    .as("seed " + seed)
                    .isTrue();

            assertThat(ring.member(3).texts()).isEqualTo(ring.member(1).texts());
        }
    }

    @Test
    @Tag("P39")
    void twoRecoveriesInARow() {
        MachineRing ring = unstable(100);
        meetAgain(ring, 1, 2, 3);
        ring.lost = hop -> isOrdinary(hop) && isTo(hop, 2);
        for (int i = 0; i < 100; i++) {
            ring.member(1).send("n" + i);
        }
        ring.runUntil(() -> ring.member(1).texts().size() == 200, Duration.ofMillis(900));
        ring.lost = hop -> hop.message() instanceof RegularToken || isOrdinary(hop);
        ring.runUntil(() -> ring.member(1).machine.phase() == RingPhase.COMMIT, Duration.ofSeconds(5));
        ring.heal();

        meetAgain(ring, 1, 2, 3);

        assertThat(ring.member(2).texts()).isEqualTo(ring.member(1).texts()).hasSize(200);
        assertThat(ring.member(3).texts()).isEqualTo(ring.member(1).texts());
    }

    @Test
    @Tag("P40")
    @Tag("P43")
    void tenThousandUnstableMessages() {
        MachineRing ring = unstable(10_000);

        meetAgain(ring, 1, 2, 3);

        assertThat(ring.member(3).texts())
                .hasSize(10_000)
                .isEqualTo(ring.member(1).texts());
        assertThat(last(ring.member(3), ConfigChange.Kind.TRANSITIONAL).members())
                .hasSize(3);
    }

    @Test
    @Tag("P45")
    void aLoneMessageOnAnIdleRingDoesNotWaitForTheHold() {
        for (int sender = 1; sender <= 3; sender++) {
            MachineRing ring = together(1, 2, 3);
            ring.run(Duration.ofSeconds(2));

            ring.member(sender).send("wake", Guarantee.SAFE);

            assertThat(ring.runUntil(() -> allHave(ring, 1), Duration.ofMillis(2)))
                    .as("from " + sender)
                    .isTrue();
        }
    }

    @Test
    @Tag("P48")
    void largeDataDroppedSmallDataAndTokensUnharmed() {
        MachineRing ring = together(1, 2, 3);
        ring.lost = hop -> hop.message() instanceof RegularMessage message
                && message.packet().remaining() > 10
                && isTo(hop, 2);
        ring.trace.clear();
        ring.member(1).send("small");
        ring.member(1).send("rather a large message");
        ring.member(3).send("tiny");

        assertThat(ring.runUntil(() -> ring.together(1, 3), Duration.ofSeconds(5)))
                .isTrue();

        assertThat(ring.member(3).texts()).contains("rather a large message");
        assertThat(ring.trace.stream()
                        .filter(hop -> isOrdinary(hop) && isTo(hop, 2))
                        .count())
                .as("once a rotation at most")
                .isLessThan(8000);
    }

    @Test
    @Tag("P64")
    void dataThatTheTokenOvertakesIsNotAskedFor() {
        MachineRing ring = together(1, 2, 3);
        ring.delayed = hop -> isOrdinary(hop) ? MachineRing.LATENCY + MachineRing.LATENCY / 2 : 0;
        sendMany(ring, 600);

        assertThat(ring.runUntil(() -> allHave(ring, 600), SECOND)).isTrue();

        for (Member member : ring.members.values()) {
            assertThat(member.counts).containsEntry(RingCounter.RETRANSMITS_REQUESTED, 0);
        }
    }

    /** Loses the token for good once so many have installed; every survivor must tell the same story. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    @Tag("P49")
    void tokenLostAfterSomeInstalled(int installed) {
        MachineRing ring = together(1, 2, 3, 4);
        for (int i = 0; i < 40; i++) {
            ring.member(1 + i % 4).send("m" + i, i % 2 == 0 ? Guarantee.SAFE : Guarantee.AGREED);
        }
        ring.run(Duration.ofNanos(3 * MachineRing.LATENCY));
        ring.lost = hop -> hop.message() instanceof RegularToken || (isOrdinary(hop) && isTo(hop, 4));
        ring.runUntil(() -> ring.member(1).machine.phase() == RingPhase.COMMIT, Duration.ofSeconds(5));
        long attempted = ring.disks.get(1);
        ring.lost = hop -> hop.message() instanceof RegularToken token
                && token.ring().seq() == attempted
                && installed(ring, attempted) >= installed;
        assertThat(ring.runUntil(() -> installed(ring, attempted) == installed, SECOND))
                .isTrue();
        List<Member> ahead = ring.members.values().stream()
                .filter(member -> member.config.ring().seq() == attempted)
                .toList();
        assertThat(ahead).hasSize(installed);

        assertThat(ring.runUntil(
                        () -> ring.together(1, 2, 3, 4)
                                && ring.member(1).config.ring().seq() > attempted,
                        Duration.ofSeconds(15)))
                .isTrue();
        ring.run(Duration.ofMillis(50));

        List<String> story = ring.member(1).texts();
        assertThat(story).doesNotHaveDuplicates();
        for (Member member : ring.members.values()) {
            assertThat(member.texts().subList(0, Math.min(40, member.texts().size())))
                    .as("order at " + member.id)
                    .isEqualTo(story.subList(0, Math.min(40, story.size())));
        }
        for (Member member : ahead) {
            assertThat(between(member)).isEqualTo(between(ahead.get(0)));
        }
    }

    private static long installed(MachineRing ring, long seq) {
        return ring.members.values().stream()
                .filter(member -> member.config.ring().seq() == seq)
                .count();
    }

    /** Everything seen up to the fifth change: the first ring of all, its transitional configuration, and the next. */
    private static List<Object> between(Member member) {
        int from = member.log.indexOf(member.changes().get(2));
        int to = member.log.indexOf(member.changes().get(4));
        return member.log.subList(from + 1, to + 1);
    }
}

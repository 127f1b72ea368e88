/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static dev.totem.core.internal.protocol.Pitfalls.SECOND;
import static dev.totem.core.internal.protocol.Pitfalls.allHave;
import static dev.totem.core.internal.protocol.Pitfalls.isOrdinary;
import static dev.totem.core.internal.protocol.Pitfalls.isTo;
import static dev.totem.core.internal.protocol.Pitfalls.meetAgain;
import static dev.totem.core.internal.protocol.Pitfalls.sendMany;
import static dev.totem.core.internal.protocol.Pitfalls.together;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.MachineRing.Hop;
import dev.totem.core.internal.protocol.MachineRing.Member;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The defects of others that need more than one machine to show: tokens that are lost, late, doubled or held, {@code PROTOCOL.md} 10.2 to 10.5; docs/PITFALLS.md. */
class TokenPitfallsTest {

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
}

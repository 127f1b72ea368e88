/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static dev.totem.core.internal.protocol.Pitfalls.SECOND;
import static dev.totem.core.internal.protocol.Pitfalls.allHave;
import static dev.totem.core.internal.protocol.Pitfalls.isOrdinary;
import static dev.totem.core.internal.protocol.Pitfalls.isTo;
import static dev.totem.core.internal.protocol.Pitfalls.last;
import static dev.totem.core.internal.protocol.Pitfalls.meetAgain;
import static dev.totem.core.internal.protocol.Pitfalls.sendMany;
import static dev.totem.core.internal.protocol.Pitfalls.together;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.MachineRing.Hop;
import dev.totem.core.internal.protocol.MachineRing.Member;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The defects of others that need more than one machine to show: recovery and what comes right after it, {@code PROTOCOL.md} 10.2 and 10.3; docs/PITFALLS.md. */
class RecoveryPitfallsTest {

    @Test
    @Tag("P32")
    void oldDataReplayedAfterTheInstall() {
        MachineRing ring = together(1, 2, 3);
        sendMany(ring, 20);
        ring.run(Duration.ofMillis(20));
        List<Hop> data = ring.trace.stream().filter(Pitfalls::isOrdinary).toList();
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

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Guarantee;
import dev.totem.core.Settings;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.protocol.MachineRing.Hop;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code PROTOCOL.md} 7: messages behind the token. */
class AcceleratedRingTest {

    private static final int MESSAGES = 60;

    private final MachineRing ring = new MachineRing(1, NodeSettings.defaults().with(Settings.ACCELERATED_WINDOW, 4));

    @Test
    void passesTheTokenBeforeTheLastMessagesOfAVisit() { // PROTOCOL.md 7.1
        together();
        ring.trace.clear();
        send(Guarantee.AGREED);

        List<Hop> ofOne = ring.trace.stream()
                .filter(hop -> hop.from().value() == 1 && hop.to().value() == 2)
                .filter(hop -> hop.message() instanceof RegularToken || hop.message() instanceof RegularMessage)
                .toList();
        long behind = IntStream.range(1, ofOne.size())
                .filter(i -> ofOne.get(i).message() instanceof RegularMessage message
                        && ofOne.subList(0, i).stream()
                                .anyMatch(hop ->
                                        hop.message() instanceof RegularToken token && token.seq() >= message.seq()))
                .count();
        assertThat(behind).isPositive();
    }

    @Test
    void deliversTheSameEverywhere() {
        together();
        send(Guarantee.AGREED);
        send(Guarantee.SAFE);

        assertThat(ring.member(1).texts()).hasSize(6 * MESSAGES);
        assertThat(ring.member(2).texts()).isEqualTo(ring.member(1).texts());
        assertThat(ring.member(3).texts()).isEqualTo(ring.member(1).texts());
    }

    @Test
    void requestsNothingThatIsOnlyBehindTheToken() { // PROTOCOL.md 7.2
        together();
        // All that is behind a token arrives after its successor's visit.
        ring.delayed = hop -> hop.message() instanceof RegularMessage ? 3 * MachineRing.LATENCY / 2 : 0;
        send(Guarantee.AGREED);

        assertThat(IntStream.rangeClosed(1, 3)
                        .map(id -> ring.member(id).counts.getOrDefault(RingCounter.RETRANSMITS_REQUESTED, 0))
                        .sum())
                .isZero();
    }

    @Test
    void repairsWhatWasLostBehindTheToken() { // PROTOCOL.md 7.2
        together();
        int[] lost = {0};
        ring.lost = hop -> hop.message() instanceof RegularMessage && hop.to().value() == 3 && lost[0]++ % 5 == 0;
        send(Guarantee.AGREED);

        assertThat(ring.member(3).texts()).isEqualTo(ring.member(1).texts()).hasSize(3 * MESSAGES);
    }

    @Test
    void needsTwoVisitsToMissAMessage() { // PROTOCOL.md 7.2
        assertThatThrownBy(() -> NodeSettings.defaults()
                        .with(Settings.ACCELERATED_WINDOW, 4)
                        .with(Settings.MISS_COUNT_CONST, 1)
                        .flow())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("miss-count-const=1: needs accelerated-window=0 (it is 4), or 2 and more");
        assertThat(NodeSettings.defaults()
                        .with(Settings.ACCELERATED_WINDOW, 0)
                        .with(Settings.MISS_COUNT_CONST, 1)
                        .flow()
                        .missCountConst())
                .isEqualTo(1);
    }

    private void together() {
        IntStream.rangeClosed(1, 3).forEach(ring::start);
        assertThat(ring.runUntil(() -> ring.together(1, 2, 3), Duration.ofSeconds(5)))
                .isTrue();
    }

    private void send(Guarantee guarantee) {
        for (int id = 1; id <= 3; id++) {
            for (int n = 0; n < MESSAGES; n++) {
                ring.member(id).send(guarantee + " " + n + " of " + id, guarantee);
            }
        }
        ring.run(Duration.ofSeconds(1));
    }
}

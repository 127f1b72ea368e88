/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.protocol.TimerKind;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlackBoxTest {

    private final BlackBox box = new BlackBox(() -> 7);

    private static Join join(int from, int... proc) {
        List<NodeId> nodes = IntStream.of(proc).mapToObj(NodeId::of).toList();
        return new Join(new Origin(NodeId.of(from), 1), nodes, List.of(), 4, 0);
    }

    @Test
    void writesLinesOfJson() {
        box.entered(RingPhase.GATHER, "a \"reason\" \\ with\nü");

        assertThat(box.lines())
                .containsExactly(
                        "{\"millis\":7,\"event\":\"phase\",\"phase\":\"gather\",\"why\":\"a \\\"reason\\\" \\\\ with\\u000a\\u00fc\"}");
    }

    @Test
    void saysHowLongNothingRanBesideWhenThatWasNoticed() {
        box.slept(3_000_000, true);

        assertThat(box.lines())
                .containsExactly("{\"millis\":7,\"event\":\"slept\",\"asleep\":3,\"lease-over\":\"true\"}");
    }

    @Test
    void countsWhatHappensOftenUntilTheNextLine() {
        for (int i = 0; i < 1_000; i++) {
            box.dropped(DropReason.STALE);
            box.expired(TimerKind.HOLD);
            box.expired(TimerKind.TOKEN_RETRANSMIT);
        }
        box.dropped(DropReason.OWN);
        assertThat(box.lines()).isEmpty();

        box.expired(TimerKind.TOKEN_LOSS);
        box.expired(TimerKind.CONSENSUS);

        assertThat(box.lines())
                .containsExactly(
                        "{\"millis\":7,\"event\":\"dropped\",\"own\":1,\"stale\":1000}",
                        "{\"millis\":7,\"event\":\"timers\",\"token-retransmit\":1000}",
                        "{\"millis\":7,\"event\":\"timer\",\"timer\":\"token-loss\"}",
                        "{\"millis\":7,\"event\":\"timer\",\"timer\":\"consensus\"}");
    }

    @Test
    void writesWhatASenderProposesOnce() {
        for (int i = 0; i < 100; i++) {
            box.heard(join(2, 1, 2));
            box.heard(join(3, 1, 2, 3));
        }
        box.heard(join(2, 1, 2, 3));

        assertThat(box.lines())
                .hasSize(3)
                .last()
                .asString()
                .contains("\"event\":\"join\",\"from\":2", "\"proc\":\"[1, 2, 3]\"");
    }

    @Test
    void countsHowOftenTheRingWasHeldBackUntilTheNextLine() {
        for (int i = 0; i < 3; i++) {
            box.heldBack(true);
            box.heldBack(false);
        }
        assertThat(box.lines()).isEmpty();

        box.expired(TimerKind.TOKEN_LOSS);
        box.expired(TimerKind.CONSENSUS);

        assertThat(box.lines())
                .containsExactly(
                        "{\"millis\":7,\"event\":\"held-back\",\"times\":3}",
                        "{\"millis\":7,\"event\":\"timer\",\"timer\":\"token-loss\"}",
                        "{\"millis\":7,\"event\":\"timer\",\"timer\":\"consensus\"}");
    }

    /** A stranger under ever new ids costs lines, which are bounded, and no memory. */
    @Test
    void remembersWhatTheMembersOfTheLargestRingProposeAndNoMore() {
        for (int round = 0; round < 2; round++) {
            for (int from = 1; from <= CommitToken.MEMBERS_MAX; from++) {
                box.heard(join(from, 1, 2));
            }
        }
        assertThat(box.lines()).hasSize(CommitToken.MEMBERS_MAX);

        box.heard(join(CommitToken.MEMBERS_MAX + 1, 1, 2));
        box.heard(join(1, 1, 2));
        box.heard(join(1, 1, 2));

        assertThat(box.lines())
                .hasSize(CommitToken.MEMBERS_MAX + 2)
                .last()
                .asString()
                .contains("\"event\":\"join\",\"from\":1,");
    }

    @Test
    void keepsTheLastLinesWithinBothBounds() {
        for (int i = 0; i < 3 * BlackBox.LINES_MAX; i++) {
            box.entered(RingPhase.GATHER, "number " + i);
        }
        assertThat(box.lines()).hasSize(BlackBox.LINES_MAX);
        assertThat(box.lines().get(BlackBox.LINES_MAX - 1)).contains("number " + (3 * BlackBox.LINES_MAX - 1));

        for (int i = 0; i < BlackBox.LINES_MAX; i++) {
            box.entered(RingPhase.GATHER, "x".repeat(5_000));
        }
        long chars = box.lines().stream().mapToLong(String::length).sum();
        assertThat(chars).isBetween(BlackBox.CHARS_MAX * 9L / 10, (long) BlackBox.CHARS_MAX);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a message costs, and how long it takes, when three members have something to send now and then ({@code PROTOCOL.md} 4.8). */
class LittleTrafficTest {

    private static final int MEMBERS = 3;
    private static final long APART_NANOS = 3_333_333;
    private static final long LOOK_NANOS = 10_000;
    private static final String FILLER = "filler";

    /** A cancel, a rotation but for the last hop, and what a step of the test and the jitter of the wire add. */
    private static final long AT_ONCE_NANOS = 3 * MachineRing.LATENCY + 6 * LOOK_NANOS;

    private final Random random = new Random(7);
    private final MachineRing ring = MachineRing.of(1, 2, 3);
    private final Map<String, Long> sentAt = new HashMap<>();
    private final List<Long> latencies = new ArrayList<>();
    private final int[] looked = new int[MEMBERS + 1];

    @Test
    void aMessageCostsLittleMoreThanARotation() {
        tokensLast();

        traffic(1, Duration.ofSeconds(4));

        assertThat(tokens() / (double) sentAt.size()).isBetween(3.0, 4.0);
    }

    @Test
    void noMessageWaitsForThePause() {
        tokensLast();

        traffic(1, Duration.ofSeconds(4));

        assertThat(latencies).hasSizeGreaterThan(3_000).allMatch(nanos -> nanos < AT_ONCE_NANOS);
    }

    @Test
    void noMessageWaitsForThePauseWhenTokensOvertakeMessages() {
        ring.delayed = hop -> isFiller(hop) ? 20_000 : hop.message() instanceof RegularToken ? 10_000 : 0;

        traffic(3, Duration.ofSeconds(4));

        assertThat(latencies.stream().filter(nanos -> nanos > AT_ONCE_NANOS)).hasSizeLessThan(latencies.size() / 500);
        assertThat(latencies).hasSizeGreaterThan(3_000).allMatch(nanos -> nanos < 2 * AT_ONCE_NANOS);
    }

    /** As on a link, where what is sent first comes first. */
    private void tokensLast() {
        ring.delayed = hop -> hop.message() instanceof RegularToken ? 10_000 : 0;
    }

    private static boolean isFiller(MachineRing.Hop hop) {
        return hop.message() instanceof RegularMessage message
                && MachineRing.text(message).equals(FILLER);
    }

    private long tokens() {
        return ring.trace.stream()
                .filter(hop -> hop.message() instanceof RegularToken)
                .count();
    }

    /** Every member sends at random moments, so many packets at once. */
    private void traffic(int packets, Duration time) {
        assertThat(ring.runUntil(() -> ring.together(1, 2, 3), Duration.ofSeconds(5)))
                .isTrue();
        ring.run(Duration.ofSeconds(1));
        ring.trace.clear();
        long end = ring.now + time.toNanos();
        long[] due =
                LongStream.generate(() -> ring.now + gapNanos()).limit(MEMBERS).toArray();
        while (ring.now < end) {
            int next = 0;
            for (int member = 1; member < MEMBERS; member++) {
                next = due[member] < due[next] ? member : next;
            }
            look(due[next]);
            due[next] += gapNanos();
            send(next + 1, packets);
        }
        look(ring.now + APART_NANOS);
    }

    private long gapNanos() {
        return (long) (-Math.log(1 - random.nextDouble()) * APART_NANOS);
    }

    private void send(int id, int packets) {
        String text = id + ":" + sentAt.size();
        sentAt.put(text, ring.now);
        ring.member(id).send(text);
        for (int filler = 1; filler < packets; filler++) {
            ring.member(id).send(FILLER);
        }
    }

    /** Runs until then, and notes when a sender has its own message. */
    private void look(long untilNanos) {
        while (ring.now < untilNanos) {
            ring.run(Duration.ofNanos(Math.min(LOOK_NANOS, untilNanos - ring.now)));
            for (int id = 1; id <= MEMBERS; id++) {
                List<Object> log = ring.member(id).log;
                for (; looked[id] < log.size(); looked[id]++) {
                    String text = String.valueOf(log.get(looked[id]));
                    if (text.startsWith(id + ":")) {
                        latencies.add(ring.now - sentAt.get(text));
                    }
                }
            }
        }
    }
}

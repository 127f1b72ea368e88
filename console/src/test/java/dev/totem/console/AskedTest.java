/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingProgress;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

class AskedTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void aNodeThatStandsStillIsAskedOnceAndNobodyWaitsForIt() {
        TestPublisher<RingProgress> never = TestPublisher.create();
        AtomicInteger questions = new AtomicInteger();
        Asked<RingProgress> progress = new Asked<>(never.mono().doOnSubscribe(asking -> questions.incrementAndGet()));

        for (int i = 0; i < 5; i++) {
            assertThat(progress.now().block(SOON)).isEqualTo(Optional.empty());
        }

        assertThat(questions).hasValue(1);
        never.complete();
        assertThat(progress.now().block(SOON)).isEqualTo(Optional.empty());
        assertThat(questions).hasValue(2);
    }

    @Test
    void aFailureIsNoProgress() {
        Asked<RingProgress> progress = new Asked<>(Mono.error(new IllegalStateException("broken")));

        assertThat(progress.now().block(SOON)).isEqualTo(Optional.empty());
    }

    @Test
    @Timeout(60)
    void tellsThatOfARing() {
        try (TestRing ring = TestRing.of(2)) {
            ring.awaitOneRing().block(SOON);
            Asked<RingProgress> asked = new Asked<>(ring.node(1).progress());
            Optional<RingProgress> progress = Objects.requireNonNull(asked.now().block(SOON));
            while (progress.isEmpty()) {
                progress = Objects.requireNonNull(asked.now().block(SOON));
            }

            assertThat(progress.get().ring())
                    .isEqualTo(ring.node(1).membership().ring());
        }
    }
}

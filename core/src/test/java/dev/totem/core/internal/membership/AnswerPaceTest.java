/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerPaceTest {

    private final AnswerPace pace = new AnswerPace(50, 1_000);

    @Test
    void answersLessAndLessOften() {
        assertThat(pace.answers(0)).isTrue();
        assertThat(pace.answers(99)).isFalse();
        assertThat(pace.answers(100)).isTrue();
        assertThat(pace.answers(299)).isFalse();
        assertThat(pace.answers(300)).isTrue();
    }

    @Test
    void neverStopsToAnswer() {
        long now = 0;
        for (int i = 0; i < 20; i++) {
            assertThat(pace.answers(now)).isTrue();
            now += 32_000;
        }
        assertThat(pace.answers(now - 1)).isFalse();
    }

    @Test
    void answersOftenAgainWhenSomethingChanged() {
        pace.answers(0);
        pace.answers(100);

        pace.hasten();

        assertThat(pace.answers(149)).isFalse();
        assertThat(pace.answers(150)).isTrue();
    }

    @Test
    void answersJoinsAtTheirOwnPace() {
        for (long now = 0; now < 1_000; now += 50) {
            assertThat(pace.answersJoin(now)).isTrue();
            assertThat(pace.answersJoin(now + 49)).isFalse();
        }
        assertThat(pace.answers(1_000)).as("joins have not slowed it down").isTrue();
    }
}

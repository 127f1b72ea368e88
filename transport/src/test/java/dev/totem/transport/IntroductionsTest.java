/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("D5")
class IntroductionsTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Introductions introductions = new Introductions();
    private final List<InetSocketAddress> asked = new ArrayList<>();
    private long now;

    @Test
    void whoIsUnknownIsAskedInsteadOfSentTo() {
        introductions.heard(at(1), now);

        assertThat(met(at(1), at(2))).containsExactly(at(1));
        assertThat(asked).containsExactly(at(2));
    }

    @Test
    void whoAnswersGetsFramesAtOnce() {
        met(at(1));

        assertThat(introductions.heard(at(1), now)).isTrue();
        assertThat(met(at(1))).containsExactly(at(1));
        assertThat(introductions.heard(at(1), now)).isFalse();
    }

    @Test
    void whoDoesNotAnswerIsAskedAgainAndThenGetsFramesAllTheSame() {
        met(at(1));
        now += 50 * MILLI;
        met(at(1));
        now += 50 * MILLI;

        assertThat(met(at(1))).containsExactly(at(1));
        assertThat(asked).containsExactly(at(1), at(1));
    }

    @Test
    @Tag("F3")
    void questionsThatSeemToComeFromOneAddressAreAnsweredNowAndThen() {
        int answers = 0;
        for (int question = 0; question < 1_000; question++) {
            now += MILLI / 10;
            answers += introductions.mayAnswer(at(1), now) ? 1 : 0;
        }

        assertThat(answers).as("in 100 ms").isEqualTo(10);
        assertThat(introductions.mayAnswer(at(2), now)).isTrue();
    }

    @Test
    void whereAnotherNodeHasSpokenNothingIsSentButQuestions() {
        introductions.heard(at(1), now);
        List<InetSocketAddress> all = List.of(at(1));
        assertThat(introductions.met(all, now, asked)).isSameAs(all);
        introductions.contradicted(at(1), now);
        now += TimeUnit.MINUTES.toNanos(5);

        assertThat(introductions.met(all, now, asked)).isEmpty();
        assertThat(asked).containsExactly(at(1));

        introductions.heard(at(1), now);
        assertThat(introductions.met(all, now, asked)).isSameAs(all);
    }

    private List<InetSocketAddress> met(InetSocketAddress... to) {
        return introductions.met(List.of(to), now, asked);
    }

    private static InetSocketAddress at(int id) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_000 + id);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class JoinSpreadTest {

    @Test
    void fewCandidatesSpeakAtOnce() {
        assertThat(JoinSpread.of(Duration.ZERO, 2)).isZero();
        assertThat(JoinSpread.of(Duration.ZERO, 16)).isZero();
        assertThat(JoinSpread.of(Duration.ofMillis(3), 16)).hasMillis(3);
    }

    @Test
    void manyCandidatesAreSpreadByTheirNumber() {
        assertThat(JoinSpread.of(Duration.ZERO, 20)).hasMillis(6);
        assertThat(JoinSpread.of(Duration.ofMillis(3), 100)).hasMillis(30);
        assertThat(JoinSpread.of(Duration.ofMillis(80), 100)).hasMillis(80);
    }
}

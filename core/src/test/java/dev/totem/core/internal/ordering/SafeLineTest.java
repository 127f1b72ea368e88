/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeLineTest {

    private final SafeLine line = new SafeLine();

    @Test
    void startsBelowTheFirstNumber() {
        assertThat(line.seq()).isNegative();
    }

    @Test
    void needsTwoVisits() {
        line.forwarded(5);
        assertThat(line.seq()).isLessThan(1);

        line.forwarded(5);

        assertThat(line.seq()).isEqualTo(5);
    }

    @Test
    void isTheLowerOfTheLastTwo() {
        line.forwarded(5);
        line.forwarded(9);
        assertThat(line.seq()).isEqualTo(5);

        line.forwarded(7);

        assertThat(line.seq()).isEqualTo(7);
    }

    @Test
    void whatOnceWasHeldByAllStaysSo() {
        line.forwarded(9);
        line.forwarded(9);

        line.forwarded(4);
        line.forwarded(4);

        assertThat(line.seq()).isEqualTo(9);
    }
}

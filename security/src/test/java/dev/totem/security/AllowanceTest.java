/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AllowanceTest {

    private final Allowance allowance = new Allowance(1_000);

    @Test
    void givesWhatWasSavedUpAndNoMore() {
        assertThat(taken(5_000, 0)).isEqualTo(1_000);
    }

    @Test
    void refillsWithTime() {
        taken(5_000, 0);

        assertThat(taken(5_000, TimeUnit.MILLISECONDS.toNanos(10))).isEqualTo(10);
        assertThat(taken(5_000, TimeUnit.MILLISECONDS.toNanos(10) + 999_999)).isZero();
        assertThat(taken(5_000, TimeUnit.MILLISECONDS.toNanos(11))).isEqualTo(1);
    }

    @Test
    void savesUpNoMoreThanItsMost() {
        taken(5_000, 0);

        assertThat(taken(5_000, TimeUnit.DAYS.toNanos(300))).isEqualTo(1_000);
    }

    @Test
    void takesAnyClock() {
        Allowance early = new Allowance(10);
        for (long second = -5; second < 5; second++) {
            int count = 0;
            while (early.take(Long.MIN_VALUE / 2 + TimeUnit.SECONDS.toNanos(second))) {
                count++;
            }
            assertThat(count).isEqualTo(10);
        }
    }

    private int taken(int tries, long nowNanos) {
        int count = 0;
        for (int i = 0; i < tries; i++) {
            count += allowance.take(nowNanos) ? 1 : 0;
        }
        return count;
    }
}

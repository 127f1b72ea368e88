/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("B4")
class StrangerBudgetTest {

    private static final int UNTUNED_BYTES = 212_992;

    @Test
    void neverFillsMoreThanHalfOfWhatTheSystemChargesASocket() {
        StrangerBudget budget = new StrangerBudget(UNTUNED_BYTES, 0);
        long charged = 0;

        // All that waits while the system asks for an address, from any moment on: here from the worst, a full budget.
        for (long now = 0; now < StrangerBudget.ARP_NANOS; now += TimeUnit.MILLISECONDS.toNanos(1)) {
            while (budget.take(1_472, now)) {
                charged += 1_472 + StrangerBudget.CHARGE_BYTES;
            }
        }

        assertThat(charged).isGreaterThan(UNTUNED_BYTES / 2).isLessThanOrEqualTo(UNTUNED_BYTES);
    }

    @Test
    void aFrameLargerThanTheWholeBudgetIsSentWhenTheBudgetIsFull() {
        StrangerBudget budget = new StrangerBudget(UNTUNED_BYTES, 0);

        assertThat(budget.take(UNTUNED_BYTES, 0)).isTrue();
        assertThat(budget.take(1, 1)).isFalse();
    }
}

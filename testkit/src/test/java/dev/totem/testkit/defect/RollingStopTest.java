/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RollingStopTest {

    private static final int SEEDS = 25;

    @Test
    void aLeaverDeliversTheSafeMessagesThatOthersDeliverBecauseItHoldsThem() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(RollingStop.run(seed)).as("seed %d", seed).isEmpty();
        }
    }
}

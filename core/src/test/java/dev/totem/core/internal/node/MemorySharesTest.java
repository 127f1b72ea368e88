/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.BufferLimits;
import dev.totem.core.ConfigurationException;
import org.junit.jupiter.api.Test;

/** The memory of a node must fit into the heap, and a loop that runs out of it all the same ends in order. */
class MemorySharesTest {

    @Test
    void refusesAMemoryThatIsMoreThanHalfOfTheHeapWithBothValuesAndRemedies() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> MemoryShares.of(128 << 20, 64 << 20))
                .withMessage("memory=134217728: does not fit into this JVM: it is more than half of the heap, 67108864"
                        + " bytes (-Xmx); set memory to at most 33554432, or -Xmx to at least 256m");
        assertThat(MemoryShares.of(32 << 20, 64 << 20).sendBytes()).isEqualTo(8 << 20);
    }

    @Test
    void theDefaultMemoryFitsIntoTheHeapOfThisJvm() {
        assertThat((long) BufferLimits.defaults().memoryBytes())
                .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory() / 2);
    }
}

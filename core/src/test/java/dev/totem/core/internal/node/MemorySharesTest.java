/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.ConfigurationException;
import dev.totem.core.internal.settings.FlowLimits;
import dev.totem.core.internal.settings.NodeSettings;
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
        assertThat((long) NodeSettings.defaults().buffers().memoryBytes())
                .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory() / 2);
    }

    @Test
    void theDefaultWindowOverLoopbackFitsIntoAnyHeapFrom32MebibytesOn() {
        FlowLimits loopback = NodeSettings.defaults().flow().dividedBy(16);
        for (long heap = 31 << 20; heap <= 256 << 20; heap += 1 << 20) {
            MemoryShares shares = MemoryShares.of(Math.min(128 << 20, heap / 2), heap);

            FlowLimits fitted = shares.fit(loopback, 65_504);

            assertThat(fitted.storeFrames()).isGreaterThanOrEqualTo(4 * fitted.windowSize());
            assertThat((long) fitted.storeFrames() * 65_504).isLessThanOrEqualTo(shares.orderBytes());
        }
        assertThat(MemoryShares.of(32 << 20, 64 << 20).fit(loopback, 65_504))
                .isEqualTo(loopback.dividedBy(2).withStoreFrames(128));
        assertThat(MemoryShares.of(128 << 20, 256 << 20).fit(loopback, 65_504).windowSize())
                .isEqualTo(64);
    }

    @Test
    void refusesAMemoryThatHoldsTooLittleOfTheWindow() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> MemoryShares.of(1 << 20, 64 << 20)
                        .fit(NodeSettings.defaults().flow(), 1_472))
                .withMessageContaining("memory=1048576")
                .withMessageContaining("window-size 1024");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.internal.membership.SharedSetting;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuietDifferencesTest {

    @Test
    void noMoreLinesThanALogCanBear() {
        QuietDifferences quiet = new QuietDifferences();
        int lines = 0;
        for (int node = 1; node <= 10_000; node++) {
            lines += quiet.isDue(NodeId.of(node), SharedSetting.TOKEN, 5) ? 1 : 0;
        }

        assertThat(lines).isEqualTo(256);
        assertThat(quiet.isDue(
                        NodeId.of(1), SharedSetting.TOKEN, Duration.ofMinutes(9).toNanos()))
                .isFalse();
        assertThat(quiet.isDue(
                        NodeId.of(1),
                        SharedSetting.TOKEN,
                        Duration.ofMinutes(11).toNanos()))
                .isTrue();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeenChangesTest {

    private static final NodeId ID = NodeId.of(1);

    private final AtomicLong clock = new AtomicLong(1_000);
    private final SeenChanges changes = new SeenChanges(clock::getAndIncrement);

    @Test
    void keepsTheLastOnesOldestFirst() {
        for (int seq = 1; seq <= SeenChanges.CHANGES_MAX + 5; seq++) {
            changes.add(ConfigChange.regular(new RingId(ID, seq), List.of(ID), List.of()));
        }

        assertThat(changes.list()).hasSize(SeenChanges.CHANGES_MAX).first().satisfies(seen -> {
            assertThat(seen.change().ring().seq()).isEqualTo(6);
            assertThat(seen.millis()).isEqualTo(1_005);
        });
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import org.junit.jupiter.api.Test;

class MisplacementsTest {

    private static final NodeId NODE = NodeId.of(7);

    private final Misplacements misplacements = new Misplacements(2);

    @Test
    void onOneOfTwoNetworksTheNetworkIsFaultyAndNotTheNode() {
        assertThat(misplacements.isEverywhere(1, NODE)).isFalse();
        assertThat(misplacements.isEverywhere(1, NODE)).isFalse();
    }

    @Test
    void onAllNetworksItIsTheNode() {
        assertThat(misplacements.isEverywhere(0, NODE)).isFalse();
        assertThat(misplacements.isEverywhere(1, NodeId.of(8))).isFalse();

        assertThat(misplacements.isEverywhere(1, NODE)).isTrue();
        assertThat(misplacements.isEverywhere(1, NODE)).as("once").isFalse();
    }

    @Test
    void onlySoManyAreRemembered() {
        misplacements.isEverywhere(0, NODE);
        for (int id = 1_000; id < 1_064; id++) {
            misplacements.isEverywhere(0, NodeId.of(id));
        }

        assertThat(misplacements.isEverywhere(1, NODE)).isFalse();
        assertThat(misplacements.isEverywhere(1, NodeId.of(1_063))).isTrue();
    }
}

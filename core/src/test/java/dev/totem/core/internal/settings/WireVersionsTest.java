/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WireVersionsTest {

    @Test
    void aRangeBeginsAtOneAndEndsAtAByte() {
        assertThat(new WireVersions(1, 255).isRange()).isTrue();
        assertThat(new WireVersions(3, 3).isRange()).isTrue();
        assertThat(new WireVersions(0, 1).isRange()).isFalse();
        assertThat(new WireVersions(2, 1).isRange()).isFalse();
        assertThat(new WireVersions(1, 256).isRange()).isFalse();
    }

    @Test
    void nodesShareARingIfTheyUnderstandOneVersionBoth() {
        assertThat(new WireVersions(1, 2).overlap(new WireVersions(2, 3))).isTrue();
        assertThat(new WireVersions(2, 3).overlap(new WireVersions(1, 2))).isTrue();
        assertThat(new WireVersions(1, 4).overlap(new WireVersions(2, 3))).isTrue();
        assertThat(new WireVersions(1, 1).overlap(new WireVersions(2, 3))).isFalse();
        assertThat(new WireVersions(2, 3).overlap(new WireVersions(1, 1))).isFalse();
    }
}

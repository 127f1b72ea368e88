/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the poms promise to who runs them. */
class BuildTest {

    /** Failsafe 3.6 does not know the property by itself: twelve tests ran for 13 minutes. */
    @Test
    void skipTestsSkipsIntegrationTestsToo() {
        assertThat(Pages.text(Pages.ROOT.resolve("pom.xml"))).contains("<skipITs>${skipTests}</skipITs>");
    }
}

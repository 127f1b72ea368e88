/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {

    @ParameterizedTest
    @CsvSource({
        "24 80, 80, 24",
        "50 160, 160, 50",
        "1 1, 1, 1",
        "0 0, 80, 24",
        "0 80, 80, 24",
        "'', 80, 24",
        "x y, 80, 24"
    })
    void aTerminalThatDoesNotTellItsSizeHasTheUsualOne(String text, int width, int height) {
        assertThat(Terminal.parse(text)).isEqualTo(new Terminal.Size(width, height));
    }
}

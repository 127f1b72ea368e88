/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlainTest {

    @Test
    void noControlCharacterReachesTheTerminal() {
        String all = IntStream.concat(IntStream.range(0, 0x20), IntStream.rangeClosed(0x7F, 0x9F))
                .mapToObj(Character::toString)
                .collect(Collectors.joining("a"));

        assertThat(Plain.line(all).chars()).noneMatch(Character::isISOControl);
        assertThat(Plain.line("t\u009b31m")).isEqualTo("t·31m");
        assertThat(Plain.line("a\u202eb")).isEqualTo("a·b");
    }
}

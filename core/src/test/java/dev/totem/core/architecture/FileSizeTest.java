/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A file of the program is one decision; when it grows, a decision wants to leave it. */
class FileSizeTest {

    private static final int LINES_MAX = 400;

    /** What is still larger; it may not grow. */
    private static final Map<String, Integer> LARGER = Map.of("SimCluster.java", 433);

    @Test
    void noFileOfTheProgramIsLongerThanFourHundredLines() throws IOException {
        List<Path> files = Pages.files(".java").stream()
                .filter(file -> file.toString().replace('\\', '/').contains("/src/main/"))
                .toList();

        assertThat(files)
                .hasSizeGreaterThan(500)
                .allSatisfy(file -> assertThat(Pages.text(file).lines().count())
                        .as("lines of %s", file)
                        .isLessThanOrEqualTo(
                                LARGER.getOrDefault(file.getFileName().toString(), LINES_MAX)));
    }
}

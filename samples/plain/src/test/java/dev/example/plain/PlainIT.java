/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.plain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PlainIT {

    @Test
    void allNodesHearTheSameOrder() throws Exception {
        Process sample = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.example.plain.Plain")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String output = new String(sample.getInputStream().readAllBytes(), UTF_8);
            assertThat(sample.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(sample.exitValue()).as(output).isZero();
            assertThat(output)
                    .contains("all in the same order")
                    .contains("2 says 3")
                    .doesNotContain("DEBUG");
        } finally {
            sample.destroyForcibly();
        }
    }
}
